using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace OptimoveDC.Cmdlets.Tests.Observability;

/// <summary>Listens to the module from outside its context, as OpenTelemetry in the host does.</summary>
internal sealed class HostListener : IDisposable
{
    private readonly MeterListener _meters = new();
    private readonly ActivityListener _activities;

    internal HostListener()
    {
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "OptimoveDC")
            {
                Instruments[instrument.Name] = instrument;
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        _meters.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(instrument, value, tags));
        _meters.Start();
        _activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "OptimoveDC",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = Spans.Enqueue,
        };
        ActivitySource.AddActivityListener(_activities);
    }

    internal ConcurrentDictionary<string, Instrument> Instruments { get; } = [];

    internal ConcurrentQueue<Measured> All { get; } = [];

    internal ConcurrentQueue<Activity> Spans { get; } = [];

    /// <summary>What an instrument told, with a tag of that value; with any when none is named.</summary>
    internal IEnumerable<Measured> Of(string instrument, string? tag = null, object? value = null) =>
        All.Where(measured => measured.Instrument == instrument && (tag is null || Equals(measured.Tags.GetValueOrDefault(tag), value)));

    internal double Sum(string instrument, string? tag = null, object? value = null) => Of(instrument, tag, value).Sum(measured => measured.Value);

    /// <summary>Asks the instruments that are only read when somebody asks.</summary>
    internal void Ask() => _meters.RecordObservableInstruments();

    public void Dispose()
    {
        _meters.Dispose();
        _activities.Dispose();
    }

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        All.Enqueue(new Measured(instrument.Name, value, new Dictionary<string, object?>(tags.ToArray())));

    internal sealed record Measured(string Instrument, double Value, Dictionary<string, object?> Tags);
}
