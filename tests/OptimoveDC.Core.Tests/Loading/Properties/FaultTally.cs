using System.Globalization;
using System.Collections.Concurrent;
using System.Text;
using OptimoveDC.Core.Tests.Faults;

namespace OptimoveDC.Core.Tests.Loading.Properties;

/// <summary>Counts what really happened in all cases, by operation: a fault that never occurs has tested nothing.</summary>
internal sealed class FaultTally
{
    internal const string RejectedRecord = "RejectedRecord";
    internal const string OutOfTurn = "CarriedOutOfTurn";
    internal const string DecidedLoad = "DecidedLoad";
    internal const string UndecidedLoad = "UndecidedLoad";
    internal const string StoppedLoad = "StoppedLoad";

    internal const string Restart = "ServiceRestart";

    private readonly object _gate = new();
    private readonly ConcurrentDictionary<(string What, LoadOperation Operation), int> _counts = new();

    private static IEnumerable<string> Kinds =>
        [.. Enum.GetNames<ProxyFaultKind>(), .. Enum.GetNames<ServiceFaultKind>(), RejectedRecord, OutOfTurn, DecidedLoad, UndecidedLoad, StoppedLoad, Restart];

    /// <summary>The accounts of all loads, added up.</summary>
    internal LoadSum Sum { get; private set; } = new();

    internal void AddLoad(LoadResult result, TimeSpan elapsed)
    {
        lock (_gate)
        {
            Sum = Sum.With(result, elapsed);
        }
    }

    /// <summary>How often something occurred, with whatever operation.</summary>
    internal int Count(string what) => _counts.Where(count => count.Key.What == what).Sum(count => count.Value);

    /// <summary>How many faults of the network and the service were played.</summary>
    internal int Faults => Enum.GetNames<ProxyFaultKind>().Concat(Enum.GetNames<ServiceFaultKind>()).Sum(Count);

    internal void Add(string what, LoadOperation operation, int count = 1) => _counts.AddOrUpdate((what, operation), count, (_, before) => before + count);

    /// <summary>What never occurred with an operation.</summary>
    internal IEnumerable<string> Missing() =>
        from kind in Kinds
        from operation in Enum.GetValues<LoadOperation>()
        where _counts.GetValueOrDefault((kind, operation)) == 0
        select $"{kind} of {operation}";

    public override string ToString()
    {
        var text = new StringBuilder($"{"",-28}");
        foreach (var operation in Enum.GetValues<LoadOperation>())
        {
            text.Append(CultureInfo.InvariantCulture, $"{operation,9}");
        }

        foreach (var kind in Kinds.Concat(_counts.Keys.Select(key => key.What)).Distinct())
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{kind,-28}");
            foreach (var operation in Enum.GetValues<LoadOperation>())
            {
                text.Append(CultureInfo.InvariantCulture, $"{_counts.GetValueOrDefault((kind, operation)),9}");
            }
        }

        return text.ToString();
    }
}
