using System.Globalization;

namespace OptimoveDC.Core.Records.Inspection;

/// <summary>Counts what a test finds, keeps the first of each kind and, where all are wanted, hands them out. Safe to share between threads.</summary>
internal sealed class FindingLog(string source, bool isDetailed)
{
    private readonly object _lock = new();
    private readonly SortedDictionary<DataFindingKind, (long Count, DataFinding First)> _kinds = [];
    private List<DataFinding> _fresh = [];

    internal long Count(DataFindingKind kind)
    {
        lock (_lock)
        {
            return _kinds.TryGetValue(kind, out var found) ? found.Count : 0;
        }
    }

    internal long CountWhere(Func<DataFindingKind, bool> isCounted)
    {
        lock (_lock)
        {
            return _kinds.Where(pair => isCounted(pair.Key)).Sum(pair => pair.Value.Count);
        }
    }

    internal void Add(DataFindingKind kind, long? line, string message, string? column = null, string? primaryKey = null)
    {
        lock (_lock)
        {
            if (_kinds.TryGetValue(kind, out var found) && !isDetailed && found.First.Line <= line)
            {
                _kinds[kind] = (found.Count + 1, found.First);
                return;
            }

            var finding = new DataFinding { Source = source, Kind = kind, Line = line, Message = message, Column = column, PrimaryKey = primaryKey };
            _kinds[kind] = (found.Count + 1, found.First is null || line < found.First.Line ? finding : found.First);
            if (isDetailed)
            {
                _fresh.Add(finding);
            }
        }
    }

    /// <summary>Counts a finding whose words nobody will read.</summary>
    /// <returns>False when it has to be added in words.</returns>
    internal bool TryCount(DataFindingKind kind, long line)
    {
        lock (_lock)
        {
            if (isDetailed || !_kinds.TryGetValue(kind, out var found) || line < found.First.Line)
            {
                return false;
            }

            _kinds[kind] = (found.Count + 1, found.First);
            return true;
        }
    }

    /// <summary>Hands out what was found since the last call.</summary>
    internal IReadOnlyList<DataFinding> Take()
    {
        lock (_lock)
        {
            if (_fresh.Count == 0)
            {
                return [];
            }

            var taken = _fresh;
            _fresh = [];
            return taken;
        }
    }

    internal IReadOnlyList<string> Summarize()
    {
        lock (_lock)
        {
            return [.. _kinds.Select(pair => Describe(pair.Key, pair.Value.Count, pair.Value.First))];
        }
    }

    private static string Describe(DataFindingKind kind, long count, DataFinding first)
    {
        var where = first.Line is { } line ? $"line {line.ToString(CultureInfo.InvariantCulture)}: " : "";
        return $"{kind} ({count.ToString("N0", CultureInfo.InvariantCulture)}): {(count > 1 ? "the first, " : "")}{where}{first.Message}";
    }
}
