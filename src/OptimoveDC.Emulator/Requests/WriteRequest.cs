using System.Text.Json;

namespace OptimoveDC.Emulator;

/// <summary>A write request taken apart: what is wrong with single items is noted there, what is wrong with the whole refuses it.</summary>
/// <param name="Operation">Which write it is.</param>
/// <param name="Items">Its items, good and bad, in order.</param>
internal sealed record WriteRequest(RecordOperation Operation, IReadOnlyList<RecordItem> Items)
{
    /// <summary>For an upload, the time to live of all its records, in seconds.</summary>
    public int? TimeToLiveSeconds { get; init; }

    /// <summary>For an upload, the batch the client named.</summary>
    public Guid? BatchId { get; init; }

    /// <summary>For an upload, whether it closes its batch.</summary>
    public bool Closes { get; init; } = true;

    /// <summary>Reads a body for a connection.</summary>
    /// <exception cref="Refusal">The request as a whole is not to be had.</exception>
    public static WriteRequest Read(RecordOperation operation, byte[] body, EmulatedConnection connection, EmulatorOptions options)
    {
        using var document = JsonContent.Parse(body);
        var reader = new ItemReader(body, connection.PrimaryKey, options.RejectRecord);
        return operation switch
        {
            RecordOperation.Upload => ReadUpload(document.RootElement, reader, options),
            RecordOperation.Update => new(operation, ReadList(document.RootElement, "The body", int.MaxValue, mayBeEmpty: false, reader.Update)),
            _ => ReadDelete(document.RootElement, reader),
        };
    }

    private static WriteRequest ReadUpload(JsonElement root, ItemReader reader, EmulatorOptions options)
    {
        JsonContent.RequireObject(root);
        if (!JsonContent.TryReadTimeToLive(root, "ttl_seconds", out var seconds))
        {
            throw Refusal.Content("ttl_seconds must be a positive whole number of seconds, or null.");
        }

        Guid? batchId = null;
        if (root.TryGetProperty("batch_uuid", out var batch) && batch.ValueKind != JsonValueKind.Null)
        {
            batchId = batch.ValueKind == JsonValueKind.String && JsonContent.Problem(batch) is null && Guid.TryParseExact(batch.GetString(), "D", out var id)
                ? id
                : throw Refusal.Content("batch_uuid must be a UUID.");
        }

        var closes = true;
        if (root.TryGetProperty("batch_completed", out var completed))
        {
            closes = completed.ValueKind is JsonValueKind.True or JsonValueKind.False
                ? completed.GetBoolean()
                : throw Refusal.Content("batch_completed must be true or false.");
        }

        if (!root.TryGetProperty("data", out var data))
        {
            throw Refusal.Content("data is missing.");
        }

        var items = ReadList(data, "data", options.MaxUploadRecords, closes && options.AcceptEmptyClosingData, reader.Upload);
        return new(RecordOperation.Upload, items) { TimeToLiveSeconds = seconds, BatchId = batchId, Closes = closes };
    }

    private static WriteRequest ReadDelete(JsonElement root, ItemReader reader)
    {
        JsonContent.RequireObject(root);
        if (!root.TryGetProperty("primary_keys", out var keys))
        {
            throw Refusal.Content("primary_keys is missing.");
        }

        return new(RecordOperation.Delete, ReadList(keys, "primary_keys", int.MaxValue, mayBeEmpty: false, reader.Delete));
    }

    private static List<RecordItem> ReadList(JsonElement list, string name, int most, bool mayBeEmpty, Func<int, JsonElement, RecordItem> read)
    {
        if (list.ValueKind != JsonValueKind.Array)
        {
            throw Refusal.Content($"{name} must be a list.");
        }

        var count = list.GetArrayLength();
        if (count > most)
        {
            throw Refusal.Content($"{name} holds {count} records; at most {most} are accepted in one request.");
        }

        if (count == 0 && !mayBeEmpty)
        {
            throw Refusal.Content($"{name} must not be empty.");
        }

        var items = new List<RecordItem>(count);
        foreach (var element in list.EnumerateArray())
        {
            items.Add(read(items.Count, element));
        }

        return items;
    }
}
