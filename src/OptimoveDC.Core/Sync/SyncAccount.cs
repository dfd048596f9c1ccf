using OptimoveDC.Core.Loading;

namespace OptimoveDC.Core.Sync;

/// <summary>Puts the account of a sync together from those of its parts.</summary>
internal sealed class SyncAccount(SyncPlan plan, TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();
    private readonly HashSet<string> _goneBefore = [];

    internal SourceReading? Reading { get; set; }

    internal SyncCounts Counts { get; set; } = new();

    /// <summary>Whether the whole source has been held against the state.</summary>
    internal bool IsCompared { get; set; }

    internal LoadReport? Upload { get; set; }

    internal LoadReport? Delete { get; set; }

    /// <summary>Whether everything that the service takes has been uploaded; so it is too when it took nothing, and said so of each record.</summary>
    internal bool AreUploadsDone => Counts.ToSend == 0
        || Upload is { Result.Completed: true }
        || Upload is { Failure: null, Result: { Read: > 0, Sent: 0, Unknown: 0, NotSent: 0 } };

    /// <summary>Takes keys, as JSON, whose deletion an earlier sync had asked for too: that they are refused now is no news, they are gone.</summary>
    internal void TakeGoneBefore(IEnumerable<string> keys)
    {
        lock (_goneBefore)
        {
            _goneBefore.UnionWith(keys);
        }
    }

    internal SyncReport Summarize(Exception? failure)
    {
        var upload = Upload?.Result;
        var delete = Delete?.Result;
        var rejections = new List<Rejection>(Reading?.Rejections ?? []);
        rejections.AddRange(Upload?.Rejections ?? []);
        var read = Reading?.Read ?? 0;
        var skipped = (Reading?.Superseded ?? 0) + Counts.Superseded + (upload?.Skipped ?? 0);

        // A source that broke off was never compared: whatever was read of it was not sent.
        var notSent = IsCompared ? Counts.ToSend - (upload?.Read ?? 0) + (upload?.NotSent ?? 0) : read - rejections.Count - skipped;
        var result = new SyncResult
        {
            Source = plan.Source,
            DataConnectionId = plan.DataConnectionId,
            StatePath = Path.GetFullPath(plan.StatePath),
            BatchId = upload?.BatchId,
            Completed = failure is null && AreUploadsDone && (Counts.ToDelete == 0 || delete is { Completed: true }) && !AreDeletesWithheld,
            Read = read,
            New = Counts.New,
            Changed = Counts.Changed,
            Refreshed = Counts.Refreshed,
            Resent = Counts.Resent,
            Unchanged = Counts.Unchanged,
            Sent = upload?.Sent ?? 0,
            Rejected = rejections.Count,
            Skipped = skipped,
            Unknown = upload?.Unknown ?? 0,
            NotSent = notSent,
            Missing = Counts.Missing,
            ToDelete = Counts.ToDelete,
            Deleted = (delete?.Sent ?? 0) + (delete?.Skipped ?? 0) + _goneBefore.Count,
            Expired = Counts.Expired,
            Requests = (upload?.Requests ?? 0) + (delete?.Requests ?? 0),
            Retries = (upload?.Retries ?? 0) + (delete?.Retries ?? 0),
            Throttled = (upload?.Throttled ?? 0) + (delete?.Throttled ?? 0),
            Waited = (upload?.Waited ?? TimeSpan.Zero) + (delete?.Waited ?? TimeSpan.Zero),
            Bytes = (upload?.Bytes ?? 0) + (delete?.Bytes ?? 0),
            Duration = time.GetElapsedTime(_started),
            RejectPath = plan.RejectFile?.Path,
        };
        Verify(result);
        return new SyncReport(result, rejections, [.. (Delete?.Rejections ?? []).Where(rejection => !_goneBefore.Contains(rejection.PrimaryKey!))], failure)
        {
            DeletesWithheld = AreDeletesWithheld
                ? $"{Counts.Missing - Counts.Expired} keys are missing from {plan.Source}, and none was deleted: {plan.IncompleteBecause ?? $"{Reading!.Keyless} of its records were refused without a key, and each of them may be one of those"}."
                : null,
        };
    }

    private bool AreDeletesWithheld => plan.DeleteMissing && (plan.IncompleteBecause is not null || Reading is { Keyless: > 0 }) && Counts.Missing > Counts.Expired;

    private static void Verify(SyncResult result)
    {
        var accounted = result.Sent + result.Rejected + result.Skipped + result.Unchanged + result.Unknown + result.NotSent;
        if (result.Read != accounted)
        {
            throw new InvalidOperationException(
                $"The account does not balance: read {result.Read}, sent {result.Sent}, rejected {result.Rejected}, skipped {result.Skipped}, unchanged {result.Unchanged}, unknown {result.Unknown}, not sent {result.NotSent}.");
        }
    }
}
