using System.IO.Hashing;
using OptimoveDC.Core.Records.Columns;

namespace OptimoveDC.Core.Records.Files.Json;

/// <summary>
/// Finds columns by their names as the bytes of the file have them, without making text of them. Records mostly have
/// the same fields in the same order, so the one after the last is looked at first.
/// </summary>
internal sealed class JsonColumns(ColumnSet columns)
{
    private const int MostKept = 10_000;
    private readonly Dictionary<ulong, Entry> _entries = [];
    private readonly Entry _beforeFirst = new([], null!);
    private Entry? _last;

    internal ColumnSet Set { get; } = columns;

    internal void BeginRecord() => _last = _beforeFirst;

    /// <summary>Finds a column by its name between its quotation marks.</summary>
    internal Column Find(ReadOnlySpan<byte> name, bool isEscaped)
    {
        if (_last?.Next is { } next && next.Name.AsSpan().SequenceEqual(name))
        {
            _last = next;
            return next.Column;
        }

        var hash = XxHash3.HashToUInt64(name);
        if (!_entries.TryGetValue(hash, out var entry) || !entry.Name.AsSpan().SequenceEqual(name))
        {
            entry = new Entry(name.ToArray(), Set.Resolve(NestedNames.Unescape(name, isEscaped)));
            if (_entries.Count >= MostKept)
            {
                return entry.Column;
            }

            _entries[hash] = entry;
        }

        if (_last is not null)
        {
            _last.Next = entry;
        }

        _last = entry;
        return entry.Column;
    }

    private sealed class Entry(byte[] name, Column column)
    {
        internal byte[] Name { get; } = name;

        internal Column Column { get; } = column;

        internal Entry? Next { get; set; }
    }
}
