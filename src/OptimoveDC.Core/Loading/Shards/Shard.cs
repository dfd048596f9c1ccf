using System.Buffers;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using OptimoveDC.Core.Records;

namespace OptimoveDC.Core.Loading.Shards;

/// <summary>
/// One of several parts that the keys of a source are divided into, each for a process or a machine of its own. Which
/// part a key falls in depends on the key and the count alone: not on its place, the machine or the version.
/// </summary>
/// <param name="Index">Which part; from 0.</param>
/// <param name="Count">How many there are.</param>
/// <exception cref="ArgumentOutOfRangeException">There is no such part.</exception>
public sealed record Shard(int Index, int Count)
{
    private static readonly SearchValues<byte> NotPlainNumber = SearchValues.Create(".eE"u8);

    /// <summary>How many there are.</summary>
    public int Count { get; } = Count >= 1 ? Count : throw new ArgumentOutOfRangeException(nameof(Count), Count, "There is at least one shard.");

    /// <summary>Which part; from 0.</summary>
    public int Index { get; } = Index >= 0 && Index < Count
        ? Index
        : throw new ArgumentOutOfRangeException(nameof(Index), Index, $"The shards are counted from 0 to {Count - 1}.");

    /// <summary>
    /// The hash that divides keys: XXH3 (64 bits, seed 0) of the key's text as UTF-8. <c>1</c> and <c>"1"</c> have the
    /// same text; a number that is not written plainly (<c>1.0</c>, <c>1e0</c>, <c>-0</c>) is brought to one spelling first.
    /// </summary>
    /// <param name="keyJson">The key as JSON: a number or a string.</param>
    public static ulong HashOf(ReadOnlySpan<byte> keyJson)
    {
        var isText = keyJson.Length > 1 && keyJson[0] == (byte)'"';
        var text = !isText ? keyJson : keyJson.Contains((byte)'\\') ? Unescape(keyJson) : keyJson[1..^1];
        return XxHash3.HashToUInt64(MayBeRespelt(text) ? Respell(text) : text);
    }

    /// <summary>Whether a record is of this part.</summary>
    /// <param name="keyJson">Its key as JSON; empty for a row without one, which is of the first part.</param>
    public bool Owns(ReadOnlySpan<byte> keyJson) => keyJson.IsEmpty ? Index == 0 : Owns(HashOf(keyJson));

    /// <inheritdoc/>
    public override string ToString() => $"shard {Index} of {Count}";

    internal bool Owns(ulong hash) => hash % (ulong)Count == (ulong)Index;

    // The rule by which two keys wait for each other within a load: here it keeps them on one machine.
    private static bool MayBeRespelt(ReadOnlySpan<byte> text) =>
        text.Length > 0
        && (text[0] == (byte)'-' || char.IsAsciiDigit((char)text[0]))
        && (text.ContainsAny(NotPlainNumber) || text.SequenceEqual("-0"u8));

    private static ReadOnlySpan<byte> Respell(ReadOnlySpan<byte> text)
    {
        var number = Encoding.UTF8.GetString(text);
        return JsonNumber.IsValid(number) ? Encoding.UTF8.GetBytes(JsonNumber.Normalize(number)) : text;
    }

    private static byte[] Unescape(ReadOnlySpan<byte> keyJson)
    {
        var reader = new Utf8JsonReader(keyJson);
        reader.Read();
        return Encoding.UTF8.GetBytes(reader.GetString()!);
    }
}
