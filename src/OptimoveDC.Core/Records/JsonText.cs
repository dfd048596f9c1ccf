using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace OptimoveDC.Core.Records;

/// <summary>Whether a text is one JSON value.</summary>
public static class JsonText
{
    /// <summary>Reads a text as one JSON value by the rules for records: no field twice, no half characters.</summary>
    /// <param name="text">The text.</param>
    /// <param name="deepest">How many levels of objects and lists it may have.</param>
    /// <param name="json">The value, when there is one; it needs no document.</param>
    /// <param name="reason">What keeps it from being one.</param>
    public static bool TryRead(string text, int deepest, out JsonElement json, [NotNullWhen(false)] out string? reason)
    {
        json = default;
        reason = null;
        try
        {
            var utf8 = Encoding.UTF8.GetBytes(text);
            using var document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = deepest, AllowDuplicateProperties = false });
            if (!RecordText.IsWellFormed(text) || Files.Json.JsonEscapes.HaveHalfCharacter(utf8))
            {
                reason = "it " + RecordText.HalfCharacter;
                return false;
            }

            json = document.RootElement.Clone();
            return true;
        }
        catch (JsonException exception)
        {
            reason = Describe(exception);
            return false;
        }
    }

    /// <summary>Looks for what keeps a text from being one JSON value.</summary>
    /// <returns>Null when nothing does.</returns>
    internal static string? Find(ReadOnlySpan<char> text)
    {
        if (!RecordText.IsWellFormed(text))
        {
            return "it " + RecordText.HalfCharacter;
        }

        var utf8 = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        try
        {
            var length = Encoding.UTF8.GetBytes(text, utf8);
            using var document = JsonDocument.Parse(utf8.AsMemory(0, length), new JsonDocumentOptions { AllowDuplicateProperties = false });
            return null;
        }
        catch (JsonException exception)
        {
            return Describe(exception);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(utf8);
        }
    }

    /// <summary>What the reader says is wrong, without its count of lines and bytes, which starts anew with every record.</summary>
    internal static string Describe(JsonException exception)
    {
        var message = exception.Message;
        var place = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (place < 0 ? message : message[..place]).TrimEnd('.', ' ');
    }

    /// <summary>Valid JSON without the white space between its parts.</summary>
    internal static byte[] OnOneLine(ReadOnlySpan<byte> json)
    {
        var result = new byte[json.Length];
        var length = 0;
        for (var at = 0; at < json.Length;)
        {
            if (json[at] == '"')
            {
                var end = at + 1;
                while (json[end] != '"')
                {
                    end += json[end] == '\\' ? 2 : 1;
                }

                json[at..(end + 1)].CopyTo(result.AsSpan(length));
                length += end + 1 - at;
                at = end + 1;
                continue;
            }

            if (json[at] is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'))
            {
                result[length++] = json[at];
            }

            at++;
        }

        return result[..length];
    }
}
