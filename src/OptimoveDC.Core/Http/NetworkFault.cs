using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Security.Authentication;

namespace OptimoveDC.Core.Http;

/// <summary>Reads the exceptions of the network: did the request reach the service, and is another try worth it?</summary>
internal static class NetworkFault
{
    internal static bool TryRead(Exception exception, [NotNullWhen(true)] out Attempt? attempt)
    {
        attempt = exception switch
        {
            HttpRequestException http => Read(http),
            HttpIOException or IOException => new Attempt(null, TransportFault.Broken, $"the answer broke off ({exception.Message})"),

            // From the making of a connection that broke meanwhile: it is looked at once more before the first byte is sent.
            SocketException => new Attempt(null, TransportFault.NotReached, $"no connection: {exception.Message}"),
            InvalidDataException => new Attempt(null, TransportFault.Broken, "the answer's compression could not be read"),

            // The client was disposed under the request: the session was disconnected.
            ObjectDisposedException or OperationCanceledException => new Attempt(null, TransportFault.Broken, "the session was disconnected", IsHopeless: true),
            _ => null,
        };
        return attempt is not null;
    }

    private static Attempt Read(HttpRequestException exception)
    {
        var detail = exception.InnerException is { } inner ? $"{exception.Message} ({inner.Message})" : exception.Message;
        return exception.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => new Attempt(null, TransportFault.NotReached, $"the host name could not be resolved: {detail}"),
            HttpRequestError.ConnectionError => new Attempt(null, TransportFault.NotReached, $"no connection: {detail}"),
            HttpRequestError.ProxyTunnelError => new Attempt(null, TransportFault.NotReached, $"the proxy refused: {detail}"),
            HttpRequestError.SecureConnectionError => new Attempt(
                null,
                TransportFault.NotReached,
                $"no secure connection: {detail}",
                IsHopeless: exception.InnerException is AuthenticationException),
            _ => new Attempt(null, TransportFault.Broken, $"the connection broke: {detail}"),
        };
    }
}
