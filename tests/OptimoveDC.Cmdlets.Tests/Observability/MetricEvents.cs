using System.Collections.Concurrent;
using System.Diagnostics.Tracing;

namespace OptimoveDC.Cmdlets.Tests.Observability;

/// <summary>The events of the runtime that <c>dotnet-counters monitor --counters OptimoveDC</c> reads, asked for as it asks.</summary>
internal sealed class MetricEvents : EventListener
{
    private const EventKeywords TimeSeriesValues = (EventKeywords)0x2;
    private readonly ConcurrentDictionary<(string Event, string Instrument), bool> _seen = new();

    internal async Task WaitForAsync(string name, string instrument)
    {
        while (!_seen.ContainsKey((name, instrument)))
        {
            await Task.Delay(50, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        }
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "System.Diagnostics.Metrics")
        {
            EnableEvents(eventSource, EventLevel.Informational, TimeSeriesValues, new Dictionary<string, string?>
            {
                ["SessionId"] = Guid.NewGuid().ToString(),
                ["Metrics"] = "OptimoveDC",
                ["RefreshInterval"] = "1",
                ["MaxTimeSeries"] = "1000",
                ["MaxHistograms"] = "10",
            });
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        // Session, meter, its version, instrument.
        if (eventData.Payload is [_, "OptimoveDC", _, string instrument, ..])
        {
            _seen?.TryAdd((eventData.EventName!, instrument), true);
        }
    }
}
