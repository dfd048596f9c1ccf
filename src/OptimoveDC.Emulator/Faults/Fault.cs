namespace OptimoveDC.Emulator;

/// <summary>
/// Something going wrong over HTTP, in place of the plain answer. Broken connections are beyond it. With
/// <see cref="StatusCode"/>, <see cref="Body"/> and <see cref="NeverAnswer"/> unset the request is answered as it would be,
/// late by <see cref="Delay"/>.
/// </summary>
public sealed record Fault
{
    private readonly int? _statusCode;

    /// <summary>The status to answer; null for the one the request would have got.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a final status, 200 to 599.</exception>
    public int? StatusCode
    {
        get => _statusCode;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value ?? 200, 200, nameof(StatusCode));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value ?? 200, 599, nameof(StatusCode));
            _statusCode = value;
        }
    }

    /// <summary>
    /// The body to answer; null for an error body in the emulator's shape (for a <see cref="StatusCode"/> from 400), none (for
    /// a lower one), or the body the request would have got (without a <see cref="StatusCode"/>).
    /// </summary>
    public string? Body { get; init; }

    /// <summary>The media type of <see cref="Body"/>; <c>application/json</c> by default.</summary>
    public string? ContentType { get; init; }

    /// <summary>Headers added to the answer, in place of those of the same name.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Whether the request is processed, before <see cref="Delay"/>, although the fault answers: the client never hears of the
    /// success. Without it the request changes nothing if the fault has a <see cref="StatusCode"/> or never answers, and is
    /// processed after the delay if it has not.
    /// </summary>
    public bool ApplyFirst { get; init; }

    /// <summary>How long to wait before going on, by the clock of the emulator.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Hold the request unanswered until the emulator is disposed; then the connection is broken.</summary>
    public bool NeverAnswer { get; init; }
}
