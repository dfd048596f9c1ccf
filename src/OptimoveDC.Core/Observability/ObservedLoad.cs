using System.Diagnostics;
using OptimoveDC.Core.Api;
using OptimoveDC.Core.Loading;

namespace OptimoveDC.Core.Observability;

/// <summary>A load as a span, the parent of its requests; and the records whose outcome it decided.</summary>
internal static class ObservedLoad
{
    /// <summary>Starts the span of a load and what shall belong to it; the caller's own span stays the current one.</summary>
    /// <returns>The span; null when nobody listens.</returns>
    internal static Activity? Start<T>(LoadPlan plan, Func<T> begin, out T begun)
    {
        var caller = Activity.Current;
        var activity = Instruments.Start(Instruments.NameOf(plan.Envelope.Operation), ActivityKind.Internal);
        activity?.SetTag(Tags.Operation, Instruments.NameOf(plan.Envelope.Operation));
        activity?.SetTag(Tags.DataConnection, plan.DataConnectionId.ToString());
        activity?.SetTag(Tags.Batch, plan.BatchId?.ToString());
        activity?.SetTag(Tags.ShardIndex, plan.Shard?.Index);
        activity?.SetTag(Tags.ShardCount, plan.Shard?.Count);
        try
        {
            begun = begin();
        }
        finally
        {
            if (activity is not null)
            {
                Activity.Current = caller;
            }
        }

        return activity;
    }

    /// <summary>Ends the span of a load with its account.</summary>
    internal static void End(Activity activity, LoadResult result, Exception? failure) =>
        Instruments.Tell((activity, result, failure), static told => End(told.activity, told.result, ErrorOf(told.failure)));

    /// <summary>Counts records whose outcome this process decided.</summary>
    internal static void CountRecords(LoadOperation operation, RecordOutcome outcome, long count)
    {
        if (count > 0 && Instruments.Records.Enabled)
        {
            Instruments.Tell((operation, outcome, count), static told => Instruments.Records.Add(
                told.count,
                new KeyValuePair<string, object?>(Tags.Operation, Instruments.NameOf(told.operation)),
                new KeyValuePair<string, object?>(Tags.Outcome, NameOf(told.outcome))));
        }
    }

    private static void End(Activity activity, LoadResult result, string? error)
    {
        activity.SetTag(Tags.BatchCompleted, result.Operation == LoadOperation.Upload ? result.Completed : null);
        (string Name, long Count)[] counts =
        [
            ("read", result.Read), ("sent", result.Sent), ("rejected", result.Rejected),
            ("skipped", result.Skipped), ("unknown", result.Unknown), ("not_sent", result.NotSent),
        ];
        foreach (var (name, count) in counts)
        {
            activity.SetTag(Tags.RecordsPrefix + name, count);
        }

        if (error is not null)
        {
            // Without the words of the service, for they may name a key.
            activity.SetTag(Tags.ErrorType, error);
            activity.SetStatus(ActivityStatusCode.Error);
        }

        activity.Dispose();
    }

    private static string? ErrorOf(Exception? failure) => failure switch
    {
        null => null,
        ServiceException service => service.Condition.ToString(),
        _ => failure.GetType().FullName,
    };

    private static string NameOf(RecordOutcome outcome) => outcome switch
    {
        RecordOutcome.Sent => "sent",
        RecordOutcome.Rejected => "rejected",
        RecordOutcome.Skipped => "skipped",
        RecordOutcome.Unknown => "unknown",
        _ => "not_sent",
    };
}
