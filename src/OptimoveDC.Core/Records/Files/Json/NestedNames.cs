using System.Text;

namespace OptimoveDC.Core.Records.Files.Json;

/// <summary>Finds a name that an object has twice, at any depth, in names that may be written in more than one way.</summary>
internal sealed class NestedNames
{
    // Beyond so many names in one object, looking through them one by one takes longer than a set.
    private const int Few = 32;

    private readonly List<int> _starts = [];
    private readonly List<(int Offset, int Length, bool IsEscaped)> _names = [];
    private readonly Dictionary<int, HashSet<string>> _many = [];

    internal void Clear()
    {
        _starts.Clear();
        _names.Clear();
        _many.Clear();
    }

    internal void Enter() => _starts.Add(_names.Count);

    internal void Leave()
    {
        var start = _starts[^1];
        _names.RemoveRange(start, _names.Count - start);
        _many.Remove(_starts.Count);
        _starts.RemoveAt(_starts.Count - 1);
    }

    /// <summary>Notes a name of the innermost object.</summary>
    /// <returns>False when it has that name already.</returns>
    internal bool Add(ReadOnlySpan<byte> json, int offset, int length, bool isEscaped)
    {
        var start = _starts[^1];
        if (_names.Count - start >= Few)
        {
            return AddToMany(json, start, offset, length, isEscaped);
        }

        for (var at = start; at < _names.Count; at++)
        {
            var (otherOffset, otherLength, otherIsEscaped) = _names[at];
            var isSame = isEscaped || otherIsEscaped
                ? Unescape(json.Slice(otherOffset, otherLength), otherIsEscaped) == Unescape(json.Slice(offset, length), isEscaped)
                : json.Slice(otherOffset, otherLength).SequenceEqual(json.Slice(offset, length));
            if (isSame)
            {
                return false;
            }
        }

        _names.Add((offset, length, isEscaped));
        return true;
    }

    /// <summary>The text of a name; one with half a character, whose record is refused for that, as it is written.</summary>
    internal static string Unescape(ReadOnlySpan<byte> name, bool isEscaped)
    {
        if (!isEscaped || JsonEscapes.HaveHalfCharacter(name))
        {
            return Encoding.UTF8.GetString(name);
        }

        var reader = new System.Text.Json.Utf8JsonReader([(byte)'"', .. name, (byte)'"']);
        reader.Read();
        return reader.GetString()!;
    }

    private bool AddToMany(ReadOnlySpan<byte> json, int start, int offset, int length, bool isEscaped)
    {
        if (!_many.TryGetValue(_starts.Count, out var names))
        {
            _many[_starts.Count] = names = new HashSet<string>(StringComparer.Ordinal);
            for (var at = start; at < _names.Count; at++)
            {
                names.Add(Unescape(json.Slice(_names[at].Offset, _names[at].Length), _names[at].IsEscaped));
            }
        }

        return names.Add(Unescape(json.Slice(offset, length), isEscaped));
    }
}
