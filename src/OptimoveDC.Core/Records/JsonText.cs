using System.Buffers;
using System.Text;
using System.Text.Json;

namespace OptimoveDC.Core.Records;

/// <summary>Whether a text is one JSON value.</summary>
internal static class JsonText
{
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
            return exception.Message.TrimEnd('.');
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(utf8);
        }
    }
}
