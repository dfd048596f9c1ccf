namespace OptimoveDC.Core.Records.Files;

/// <summary>Bytes that their encoding can't mean. They are never replaced: that would change a value in silence.</summary>
internal sealed class UndecodableTextException(string encoding, ReadOnlySpan<byte> bytes, long? line)
    : Exception($"{Describe(bytes)} {(bytes.Length == 1 ? "is" : "are")} no text in the encoding {encoding}")
{
    /// <summary>The line they stand in, from 1; null where only the reader of the text can tell.</summary>
    internal long? Line { get; } = line;

    /// <summary>What is wrong and what helps, as the end of a sentence.</summary>
    internal string Reason => $"{Message}; name the encoding that the file is in with -Encoding (windows-1252 is that of many exports), or save it as UTF-8";

    private static string Describe(ReadOnlySpan<byte> bytes)
    {
        const int Shown = 4;
        var hex = string.Join(' ', bytes[..Math.Min(Shown, bytes.Length)].ToArray().Select(value => $"0x{value:X2}"));
        return bytes.Length == 1 ? $"the byte {hex}" : $"the bytes {hex}";
    }
}
