using System.Net.Http.Headers;

namespace OptimoveDC.Core.Http;

/// <summary>A small body, held whole.</summary>
internal sealed class JsonBody(byte[] utf8) : IRequestBody
{
    internal static readonly MediaTypeHeaderValue MediaType = new("application/json");

    public long Length => utf8.Length;

    public HttpContent CreateContent()
    {
        var content = new ByteArrayContent(utf8);
        content.Headers.ContentType = MediaType;
        return content;
    }
}
