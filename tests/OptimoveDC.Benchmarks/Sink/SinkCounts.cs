using System.Collections.Concurrent;

namespace OptimoveDC.Benchmarks.Sink;

/// <summary>Counts what arrives under one set of settings.</summary>
internal sealed class SinkCounts(SinkSettings settings)
{
    private readonly ConcurrentDictionary<string, SlidingWindow> _windows = new();
    private long _requests;
    private long _records;
    private long _bytes;
    private long _parsed;
    private ulong _keySum;
    private ulong _recordSum;

    internal SinkSettings Settings => settings;

    internal SlidingWindow WindowOf(string apiKey) => _windows.GetOrAdd(apiKey, static _ => new SlidingWindow());

    /// <summary>Counts an accepted request.</summary>
    /// <returns>Its number, from 1.</returns>
    internal long Count(long records, long bytes)
    {
        Interlocked.Add(ref _records, records);
        Interlocked.Add(ref _bytes, bytes);
        return Interlocked.Increment(ref _requests);
    }

    internal void Verify(BodyRecords body)
    {
        Interlocked.Add(ref _parsed, body.Count);
        Interlocked.Add(ref _keySum, body.KeySum);
        Interlocked.Add(ref _recordSum, body.RecordSum);
    }

    internal SinkTally Tally() => new()
    {
        Requests = Interlocked.Read(ref _requests),
        Records = Interlocked.Read(ref _records),
        Bytes = Interlocked.Read(ref _bytes),
        ParsedRecords = Interlocked.Read(ref _parsed),
        KeySum = Interlocked.Read(ref _keySum),
        RecordSum = Interlocked.Read(ref _recordSum),
        Keys = _windows.ToDictionary(pair => pair.Key, pair => pair.Value.Tally()),
    };
}
