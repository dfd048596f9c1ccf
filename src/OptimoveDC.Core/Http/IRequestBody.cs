namespace OptimoveDC.Core.Http;

/// <summary>A JSON body that can be sent more than once.</summary>
public interface IRequestBody
{
    /// <summary>Its length in bytes.</summary>
    long Length { get; }

    /// <summary>Makes the content of one attempt.</summary>
    HttpContent CreateContent();
}
