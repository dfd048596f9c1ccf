using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace OptimoveDC.Core.Tests.Observability;

/// <summary>The records that a listener is told of, by outcome; of loads that are begun where it was made, and of no others.</summary>
internal sealed class WatchedRecords : IDisposable
{
    private static readonly AsyncLocal<WatchedRecords?> Here = new();
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, long> _counts = new();

    internal WatchedRecords()
    {
        Here.Value = this;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "optimove.load.records")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            if (Here.Value == this)
            {
                var outcome = (string)new Dictionary<string, object?>(tags.ToArray())["optimove.record.outcome"]!;
                _counts.AddOrUpdate(outcome, count, (_, sum) => sum + count);
            }
        });
        // Without it, .NET 8 takes a listener that is gone for one that still listens.
        _listener.MeasurementsCompleted = (_, _) => { };
        _listener.Start();
    }

    /// <summary>What was counted since the last call.</summary>
    internal IEnumerable<long> Take(params string[] outcomes)
    {
        var taken = outcomes.Select(outcome => _counts.GetValueOrDefault(outcome)).ToList();
        _counts.Clear();
        return taken;
    }

    public void Dispose() => _listener.Dispose();
}
