using OptimoveDC.Core.Api;

namespace OptimoveDC.Core.Tests.Reliability.Matrix;

/// <summary>
/// How a call ends by the documentation (<c>docs/loading.md</c>, <c>about_OptimoveDC_Troubleshooting</c>): the account of
/// three records, the error a user sees, and what it costs. Written down from there, not from the engine.
/// </summary>
internal sealed record Expectation
{
    /// <summary>The id of the error that ends the call; null for none.</summary>
    internal string? Error { get; private init; }

    internal long Sent { get; private init; }

    internal long Rejected { get; private init; }

    internal long Skipped { get; private init; }

    internal long Unknown { get; private init; }

    internal long NotSent { get; private init; }

    /// <summary>Whether the batch is completed, or nothing of an update or delete is open.</summary>
    internal bool Completed { get; private init; }

    /// <summary>Whether the user is warned.</summary>
    internal bool Warns { get; private init; }

    /// <summary>The status that the rejected records show; null for none.</summary>
    internal int? RejectStatus { get; private init; }

    /// <summary>The attempts that it takes at least and at most.</summary>
    internal (long Least, long Most) Requests { get; private init; }

    internal static Expectation Of(MatrixFault fault, MatrixCall call, MatrixTimes times) =>
        call == MatrixCall.Create ? OfCreation(fault, times) : OfLoad(fault, call, isOnce: times == MatrixTimes.Once);

    private static string Id(ErrorCondition condition) => $"Optimove.{condition}";

    private static Expectation OfCreation(MatrixFault fault, MatrixTimes times)
    {
        var isOnce = times == MatrixTimes.Once;
        return fault.Effect switch
        {
            FaultEffect.None or FaultEffect.CountsShort => Created(1),
            FaultEffect.Wordless => Failed(ErrorCondition.UnexpectedResponse),
            FaultEffect.NotReached => isOnce ? Created(2) : Failed(ErrorCondition.NetworkError, fault.Attempts),
            FaultEffect.Untrusted => Failed(ErrorCondition.NetworkError),

            // Asked twice it could be there twice.
            FaultEffect.Unheard => Failed(ErrorCondition.CreateOutcomeUnknown),
            FaultEffect.Stops => Failed(fault.Condition),
            FaultEffect.Refuses => Failed(ErrorCondition.RequestInvalid),
            FaultEffect.TooLarge => Failed(ErrorCondition.RequestTooLarge),
            FaultEffect.Throttles => isOnce ? Created(2) : Failed(ErrorCondition.RateLimitExceeded) with { Requests = (2, 100) },
            _ => Failed(ErrorCondition.RateLimitExceeded),
        };

        static Expectation Created(int requests) => new() { Requests = (requests, requests) };
        static Expectation Failed(ErrorCondition condition, int requests = 1) => new() { Error = Id(condition), Requests = (requests, requests) };
    }

    private static Expectation OfLoad(MatrixFault fault, MatrixCall call, bool isOnce)
    {
        const int All = MatrixRun.Records;
        var isUpload = call == MatrixCall.Upload;
        var isDelete = call == MatrixCall.Delete;
        var sent = new Expectation { Sent = All, Completed = true, Requests = (1, 1) };
        return fault.Effect switch
        {
            FaultEffect.None or FaultEffect.Wordless => sent,
            FaultEffect.CountsShort => sent with { Sent = isDelete ? fault.Counted : All, Skipped = isDelete ? All - fault.Counted : 0, Warns = true },
            FaultEffect.NotReached or FaultEffect.Unheard or FaultEffect.Throttles when isOnce => sent with { Requests = (2, 2) },
            FaultEffect.NotReached => Stopped(ErrorCondition.NetworkError) with { Requests = (fault.Attempts, fault.Attempts) },
            FaultEffect.Untrusted => Stopped(ErrorCondition.NetworkError),
            FaultEffect.Unheard => new Expectation { Unknown = All, Error = Id(ErrorCondition.LoadIncomplete), Warns = true, Requests = (fault.Attempts, fault.Attempts) },
            FaultEffect.Stops => Stopped(fault.Condition),
            FaultEffect.Throttles => Stopped(ErrorCondition.RateLimitExceeded) with { Requests = (2, 100) },
            FaultEffect.ThrottlesTooLong => Stopped(ErrorCondition.RateLimitExceeded),

            // Taken apart, down to single records; then, for an upload, the batch is completed with one that was accepted.
            FaultEffect.Refuses or FaultEffect.TooLarge when isOnce => sent with { Requests = (3, isUpload ? 5 : 4) },

            // An earlier request carried the key: why it is gone nobody can tell.
            FaultEffect.Refuses when isDelete => new Expectation { Skipped = All, Completed = true, Warns = true, Requests = (4, 5) },
            FaultEffect.Refuses => Rejected(fault) with { Requests = (4, 5) },
            FaultEffect.TooLarge => Rejected(fault) with { RejectStatus = 413, Requests = (4, 5) },
            _ => throw new ArgumentOutOfRangeException(nameof(fault), fault.Effect, null),
        };

        static Expectation Stopped(ErrorCondition condition) => new() { NotSent = All, Error = Id(condition), Requests = (1, 1) };

        // With nothing in it a batch is not completed; an update and a delete have nothing to complete.
        Expectation Rejected(MatrixFault _) => new() { Rejected = All, Completed = !isUpload, Error = isUpload ? Id(ErrorCondition.LoadIncomplete) : null };
    }
}
