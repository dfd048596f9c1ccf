using System.Text;

namespace OptimoveDC.Emulator;

/// <summary>One HTTP request as it came in. The members that are known later change once, when they are.</summary>
public sealed class LoggedRequest
{
    private volatile object? _status;
    private volatile byte[]? _body;
    private long _bodyLength;

    internal LoggedRequest(long sequence, string method, string path, IReadOnlyDictionary<string, string> headers, DateTimeOffset receivedAt)
    {
        Sequence = sequence;
        Method = method;
        Path = path;
        Headers = headers;
        ReceivedAt = receivedAt;
    }

    /// <summary>From 1, in the order in which requests reached the emulator.</summary>
    public long Sequence { get; }

    /// <summary>The HTTP method.</summary>
    public string Method { get; }

    /// <summary>The path with the query string, if there was one.</summary>
    public string Path { get; }

    /// <summary>The headers, the keys among them; names in any case.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>When its head arrived, by the clock of the emulator.</summary>
    public DateTimeOffset ReceivedAt { get; }

    /// <summary>The <c>x-request-id</c> of the answer.</summary>
    public string RequestId { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Bytes of body received so far.</summary>
    public long BodyLength => Interlocked.Read(ref _bodyLength);

    /// <summary>
    /// The body: for the fault plan always (null if it was too large), afterwards with <see cref="EmulatorOptions.KeepBodies"/> alone.
    /// </summary>
    public ReadOnlyMemory<byte>? Body => _body is { } body ? body : null;

    /// <summary>The status answered; null while unanswered, and for a client that broke off.</summary>
    public int? StatusCode => (int?)_status;

    /// <summary><see cref="Body"/> decoded as UTF-8; null where that is null.</summary>
    /// <returns>The text.</returns>
    public string? BodyText() => _body is { } body ? Encoding.UTF8.GetString(body) : null;

    internal void CountBody(int bytes) => Interlocked.Add(ref _bodyLength, bytes);

    internal void Hold(byte[]? body) => _body = body;

    internal void Answer(int statusCode) => _status = statusCode;
}
