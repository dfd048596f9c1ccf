using System.Diagnostics;
using OptimoveDC.Core.Http;

namespace OptimoveDC.Core.Observability;

/// <summary>Measures the requests to one server. Nothing is put together for it while nobody listens.</summary>
/// <param name="address">The server.</param>
internal sealed class ServerInstruments(ServiceAddress address)
{
    /// <summary>Begins to watch one attempt of a request.</summary>
    /// <returns>Null when nobody listens.</returns>
    internal ObservedAttempt? Begin(ApiRequest request, int resendCount, TimeProvider time) =>
        Instruments.Requests.Enabled || Instruments.RequestDuration.Enabled || Instruments.Activities.HasListeners()
            ? new ObservedAttempt(this, address.Resolve(request.RelativePath), request, resendCount, time)
            : null;

    /// <summary>A request repeats an earlier one.</summary>
    internal void CountRetry(ApiRequest request, Attempt? failed)
    {
        if (Instruments.Retries.Enabled)
        {
            Instruments.Tell((Self: this, request, failed), static told =>
            {
                var tags = told.Self.TagsOf(told.request);
                tags.Add(Tags.ErrorType, ErrorOf(told.failed) ?? "_OTHER");
                Instruments.Retries.Add(1, tags);
            });
        }
    }

    /// <summary>A request has waited for its turn.</summary>
    internal void RecordWait(ApiRequest request, TimeSpan wait)
    {
        if (Instruments.GateWait.Enabled)
        {
            Instruments.Tell((Self: this, request, wait), static told => Instruments.GateWait.Record(told.wait.TotalSeconds, told.Self.TagsOf(told.request)));
        }
    }

    internal TagList TagsOf(ApiRequest request) => new()
    {
        { Tags.Method, request.Method.Method },
        { Tags.ServerAddress, address.Uri.Host },
        { Tags.ServerPort, address.Uri.Port },
        { Tags.Operation, RequestKind.Of(request).Operation },
    };

    /// <summary>What went wrong, in one of few words; null when nothing did.</summary>
    internal static string? ErrorOf(Attempt? attempt) => attempt switch
    {
        null => "canceled",
        { Reply.StatusCode: >= 400 and var status } => status.ToString(System.Globalization.CultureInfo.InvariantCulture),
        { Reply: not null } => null,
        { Fault: TransportFault.Timeout } => "timeout",
        { Fault: TransportFault.NotReached } => "not_reached",
        _ => "connection_error",
    };
}
