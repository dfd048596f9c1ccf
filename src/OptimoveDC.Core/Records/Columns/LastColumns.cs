using System.Text.Json;
using OptimoveDC.Core.IO;

namespace OptimoveDC.Core.Records.Columns;

/// <summary>
/// Remembers which fields the last import to a Data Connection sent: an upload replaces whole records, so that a source
/// with fewer columns takes the others away. Kept in the user's local application data, by the connection's identifier.
/// </summary>
/// <remarks>A convenience: where it can't be kept, nothing is said and nothing stops.</remarks>
public static class LastColumns
{
    /// <summary>Says which fields of the last import a source lacks.</summary>
    /// <param name="connectionId">The Data Connection.</param>
    /// <param name="fields">The fields that the source has, as they are sent.</param>
    /// <returns>A sentence to warn with; null when none is missing, or nothing is remembered.</returns>
    public static string? FindMissing(Guid connectionId, IReadOnlyList<string> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        var missing = Read(connectionId).Except(fields, StringComparer.Ordinal).ToList();
        if (missing.Count == 0 || fields.Count == 0)
        {
            return null;
        }

        const int Shown = 10;
        var names = string.Join(", ", missing.Take(Shown).Select(name => $"'{name}'")) + (missing.Count > Shown ? ", …" : "");
        return $"The last import to this Data Connection also sent {names}. An upload replaces whole records: in every record of this one, {(missing.Count == 1 ? "that field is" : "those fields are")} gone.";
    }

    /// <summary>Remembers the fields of an import that was completed.</summary>
    /// <param name="connectionId">The Data Connection.</param>
    /// <param name="fields">The fields, as they were sent.</param>
    public static void Remember(Guid connectionId, IReadOnlyList<string> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        if (fields.Count == 0)
        {
            return;
        }

        try
        {
            using var file = PrivateFile.Open(PathFor(connectionId), FileMode.Create, FileShare.None);
            file.Write(JsonSerializer.SerializeToUtf8Bytes([.. fields], ColumnsJson.Default.StringArray));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Forgotten, then.
        }
    }

    private static string[] Read(Guid connectionId)
    {
        try
        {
            var path = PathFor(connectionId);
            return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), ColumnsJson.Default.StringArray) ?? [] : [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return [];
        }
    }

    private static string PathFor(Guid connectionId) => UserFolder.PathOf("columns", $"{connectionId:N}.json");
}
