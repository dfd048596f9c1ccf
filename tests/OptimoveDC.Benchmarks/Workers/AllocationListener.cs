using System.Collections.Concurrent;
using System.Diagnostics.Tracing;

namespace OptimoveDC.Benchmarks.Workers;

/// <summary>Notes what is allocated, by type: the runtime reports one allocation in about every 100 KB.</summary>
internal sealed class AllocationListener : EventListener
{
    private const EventKeywords GarbageCollection = (EventKeywords)1;
    private const string Tick = "GCAllocationTick";
    private readonly ConcurrentDictionary<string, long> _bytes = new();

    internal IReadOnlyDictionary<string, long> ByType =>
        _bytes.OrderByDescending(pair => pair.Value).ToDictionary(pair => pair.Key, pair => pair.Value);

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "Microsoft-Windows-DotNETRuntime")
        {
            EnableEvents(eventSource, EventLevel.Verbose, GarbageCollection);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName?.StartsWith(Tick, StringComparison.Ordinal) == true
            && eventData.PayloadNames is { } names
            && names.IndexOf("TypeName") is >= 0 and var type
            && names.IndexOf("AllocationAmount64") is >= 0 and var amount)
        {
            _bytes.AddOrUpdate(
                (string)eventData.Payload![type]!,
                Convert.ToInt64(eventData.Payload[amount], System.Globalization.CultureInfo.InvariantCulture),
                (_, sum) => sum + Convert.ToInt64(eventData.Payload[amount], System.Globalization.CultureInfo.InvariantCulture));
        }
    }
}
