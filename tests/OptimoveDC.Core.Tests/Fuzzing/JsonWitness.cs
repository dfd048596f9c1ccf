using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace OptimoveDC.Core.Tests.Fuzzing;

/// <summary>Reads JSON by the framework's own document, whole, and by the rules for what a record is.</summary>
internal static class JsonWitness
{
    private const int Deepest = 500;

    /// <summary>Reads a file that is one list.</summary>
    internal static Expectation ReadArray(byte[] utf8)
    {
        // A document takes bytes that are no text as long as they stand in one.
        if (!System.Text.Unicode.Utf8.IsValid(utf8))
        {
            return Expectation.Refused();
        }

        try
        {
            using var document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = Deepest + 1 });
            return document.RootElement.ValueKind == JsonValueKind.Array
                ? new Expectation { Rows = [.. document.RootElement.EnumerateArray().Select(record => RowOf(record, LineOf(utf8, record)))] }
                : Expectation.Refused();
        }
        catch (JsonException)
        {
            // What of it was a record is not to be had from a document.
            return Expectation.Refused();
        }
    }

    /// <summary>Reads a file of one record a line, up to the first byte that is no text.</summary>
    internal static Expectation ReadLines(byte[] utf8)
    {
        var rows = new List<ExpectedRow>();
        var start = 0;
        for (var line = 1L; start < utf8.Length; line++)
        {
            var found = Array.IndexOf(utf8, (byte)'\n', start);
            var end = found < 0 ? utf8.Length : found;
            if (!System.Text.Unicode.Utf8.IsValid(utf8.AsSpan(start, end - start)))
            {
                return Expectation.Refused(line, rows);
            }

            var json = utf8.AsMemory(start, end - start).Trim(" \t\r"u8.ToArray());
            if (!json.IsEmpty)
            {
                rows.Add(RowOf(json, line));
            }

            start = end + 1;
        }

        return new Expectation { Rows = rows };
    }

    private static ExpectedRow RowOf(ReadOnlyMemory<byte> json, long line)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = Deepest });
            return RowOf(document.RootElement, line);
        }
        catch (JsonException)
        {
            return new ExpectedRow(line, null, null);
        }
    }

    private static ExpectedRow RowOf(JsonElement record, long line)
    {
        try
        {
            // Text with half a character throws, wherever it stands.
            _ = PlainJson.Of(record);
            return KeyOf(record) is { } key ? new ExpectedRow(line, key, ValueOf(record)) : new ExpectedRow(line, null, null);
        }
        catch (InvalidOperationException)
        {
            return new ExpectedRow(line, null, null);
        }
    }

    private static string? KeyOf(JsonElement record)
    {
        if (record.ValueKind != JsonValueKind.Object || PlainJson.HasNameTwice(record))
        {
            return null;
        }

        var similar = record.EnumerateObject().Where(field => field.Name.Equals("user_id", StringComparison.OrdinalIgnoreCase)).ToList();
        var key = record.TryGetProperty("user_id", out var exact) ? exact : similar.Count == 1 ? similar[0].Value : default;
        return key.ValueKind switch
        {
            JsonValueKind.String when !string.IsNullOrWhiteSpace(key.GetString()) => PlainJson.Of(key),
            JsonValueKind.Number => PlainJson.Of(key),
            _ => null,
        };
    }

    // What an earlier import says of a reject is not sent again.
    private static string ValueOf(JsonElement record) =>
        $"{{{string.Concat(record.EnumerateObject().Where(field => field.Name != "_optimove_reject" || field.Value.ValueKind != JsonValueKind.Object).Select(field => $"{PlainJson.OfText(field.Name)}:{PlainJson.Of(field.Value)},"))}}}";

    private static long LineOf(byte[] utf8, JsonElement element)
    {
        var raw = JsonMarshal.GetRawUtf8Value(element);
        var offset = Unsafe.ByteOffset(ref MemoryMarshal.GetArrayDataReference(utf8), ref MemoryMarshal.GetReference(raw));
        return 1 + utf8.AsSpan(0, (int)offset).Count((byte)'\n');
    }
}
