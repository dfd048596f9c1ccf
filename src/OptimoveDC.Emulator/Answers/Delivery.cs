using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace OptimoveDC.Emulator;

/// <summary>The last step to the client: an answer, or a connection broken.</summary>
internal static class Delivery
{
    /// <summary>Sends an answer.</summary>
    public static async Task SendAsync(HttpListenerResponse response, LoggedRequest request, Answer answer, DateTimeOffset now, CancellationToken cancellationToken)
    {
        response.StatusCode = answer.Status;
        response.Headers["x-request-id"] = request.RequestId;

        // By the service's own clock, which need not be this machine's: a client reads dates in other headers against it.
        response.Headers["Date"] = now.ToString("R", CultureInfo.InvariantCulture);
        foreach (var (name, value) in answer.Headers)
        {
            response.Headers[name] = value;
        }

        if (answer.ContentType is { } type)
        {
            response.ContentType = type;
        }

        response.ContentLength64 = answer.Body.Length;
        if (answer.Body.Length > 0 && request.Method != "HEAD")
        {
            await response.OutputStream.WriteAsync(answer.Body, cancellationToken).ConfigureAwait(false);
        }

        response.Close();
    }

    /// <summary>
    /// Ends a connection so that the client hears of no success. Outside Windows an abort sends what was set so far, a 200
    /// with an empty body by default: hence a head that promises a body which never comes.
    /// </summary>
    public static void Break(HttpListenerResponse response)
    {
        try
        {
            response.StatusCode = (int)HttpStatusCode.ServiceUnavailable;
            response.ContentLength64 = 1;
        }
        catch (Exception e) when (IsBroken(e))
        {
            // The head has gone out; then its body is cut short.
        }

        try
        {
            response.Abort();
        }
        catch (Exception e) when (IsBroken(e))
        {
            // Gone already.
        }
    }

    /// <summary>Whether an exception says that the connection, or the listener, is no more.</summary>
    public static bool IsBroken(Exception e) =>
        e is HttpListenerException or IOException or ObjectDisposedException or InvalidOperationException or SocketException;
}
