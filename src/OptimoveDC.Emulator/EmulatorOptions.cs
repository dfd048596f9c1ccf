using System.Text.Json;

namespace OptimoveDC.Emulator;

/// <summary>
/// How the emulated service behaves. Everything with a setter may be changed while the emulator runs: each value is
/// read and written atomically and takes effect with the next request that comes to it; changing several is not one
/// atomic step. Delegates are called on many threads at once, and must
/// return: disposal waits for them.
/// </summary>
public sealed class EmulatorOptions
{
    private int _maxRequestBytes = 10 * 1024 * 1024;
    private int _maxUploadRecords = 5000;
    private int _badRequestStatus = 400;
    private int _mostRequestsKept = int.MaxValue;
    private long _latencyTicks;

    /// <summary>The clock of the service: expiry, limits, latency and delays. The system's by default.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The largest body accepted, in bytes; more is answered 413. 10 MiB by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int MaxRequestBytes
    {
        get => _maxRequestBytes;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _maxRequestBytes = value;
        }
    }

    /// <summary>The most records one upload may carry; more is answered 400. 5000 by default, the documented limit.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int MaxUploadRecords
    {
        get => _maxUploadRecords;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _maxUploadRecords = value;
        }
    }

    /// <summary>The limit on requests of each API key; null, the default, for none. A limit that differs starts to count afresh.</summary>
    public RateLimit? RateLimit { get; set; }

    /// <summary>Whether a 429 carries <c>Retry-After</c>. True by default.</summary>
    public bool SendRetryAfter { get; set; } = true;

    /// <summary>The form of <c>Retry-After</c>. Seconds by default.</summary>
    public RetryAfterForm RetryAfterForm { get; set; }

    /// <summary>
    /// Whether answers carry <c>X-RateLimit-Limit</c>, <c>-Remaining</c> and <c>-Reset</c> (Unix seconds, rounded up)
    /// while a limit is set. False by default.
    /// </summary>
    public bool SendRateLimitHeaders { get; set; }

    /// <summary>The shape of error bodies.</summary>
    public ErrorBodyShape ErrorBodyShape { get; set; }

    /// <summary>The status of a refusal of the body's content: 400 by default, as the guide says; 422 is the other likely one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a status from 400 to 499.</exception>
    public int BadRequestStatus
    {
        get => _badRequestStatus;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 400);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 499);
            _badRequestStatus = value;
        }
    }

    /// <summary>How long each answer is held back, by the clock of <see cref="TimeProvider"/>. None by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public TimeSpan Latency
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _latencyTicks));
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            Interlocked.Exchange(ref _latencyTicks, value.Ticks);
        }
    }

    /// <summary>Whether bad items take the good ones of their request down with them. They do by default.</summary>
    public BadRequestScope BadRequestScope { get; set; }

    /// <summary>The answer to deleting an absent key. 400 by default.</summary>
    public AbsentDelete AbsentDelete { get; set; }

    /// <summary>The answer to updating an absent key. 400 by default.</summary>
    public AbsentUpdate AbsentUpdate { get; set; }

    /// <summary>Whether a completed batch merges into the content or replaces it. Merges by default.</summary>
    public BatchCompletion BatchCompletion { get; set; }

    /// <summary>Whether an upload with <c>batch_completed</c> true may have an empty <c>data</c> list. True by default.</summary>
    public bool AcceptEmptyClosingData { get; set; } = true;

    /// <summary>
    /// Whether records that arrive for a completed batch are stored, at once. False by default: they are refused.
    /// A repetition, byte for byte, of the request that closed the batch is answered as that was, and changes nothing,
    /// either way.
    /// </summary>
    public bool AcceptRecordsAfterCompletion { get; set; }

    /// <summary>Whether a number and a string of the same text are one key. Two by default. A change rebuilds the index of keys.</summary>
    public KeyIdentity KeyIdentity { get; set; }

    /// <summary>
    /// Whether error bodies name the keys at fault as JSON values: <c>invalid_keys</c>, <c>details.primary_keys</c>, or the
    /// index in a <c>loc</c>, by <see cref="ErrorBodyShape"/>; the other shapes can't. False by default.
    /// </summary>
    public bool NameBadKeysStructurally { get; set; }

    /// <summary>The body of a successful upload. Counts by default.</summary>
    public UploadResponseShape UploadResponseShape { get; set; }

    /// <summary>Whether the bodies of requests are kept in the request log. False by default, for memory's sake.</summary>
    public bool KeepBodies { get; set; }

    /// <summary>How many requests are kept in the request log, the last ones; all of them by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int MostRequestsKept
    {
        get => _mostRequestsKept;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _mostRequestsKept = value;
        }
    }

    /// <summary>Whether each arriving key and value is logged. True by default; off for very large loads.</summary>
    public bool KeepArrivals { get; set; } = true;

    /// <summary>
    /// Asked for each request once its body is read; a fault it returns is played in place of the plain answer. An
    /// exception it throws is answered 500.
    /// </summary>
    public Func<LoggedRequest, Fault?>? FaultPlan { get; set; }

    /// <summary>
    /// A validation rule of the service: true refuses the item. Given the record for an upload, the item's <c>data</c> for
    /// an update, the key for a delete; only items that are well-formed. The element is valid during the call alone.
    /// </summary>
    public Func<JsonElement, bool>? RejectRecord { get; set; }
}
