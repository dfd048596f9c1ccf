using System.Text.Json;

namespace OptimoveDC.Emulator;

/// <summary>Reads the items of one request's body, and notes what is wrong with each.</summary>
internal sealed class ItemReader(byte[] body, string primaryKey, Func<JsonElement, bool>? reject)
{
    /// <summary>Reads a record of <c>data</c>.</summary>
    public RecordItem Upload(int index, JsonElement record)
    {
        if (record.ValueKind != JsonValueKind.Object)
        {
            return Bad(index, null, record, ["body", "data", index], "must be an object", "object_type");
        }

        // A name that comes twice may be the key's: then there is no saying which one names the record.
        if (JsonContent.Problem(record) is { } problem)
        {
            var named = record.TryGetProperty(primaryKey, out var doubtful) ? RecordKey.Read(doubtful, out _) : null;
            return Bad(index, named, record, ["body", "data", index], problem, "value_error");
        }

        if (!record.TryGetProperty(primaryKey, out var keyElement))
        {
            return Bad(index, null, record, ["body", "data", index, primaryKey], "is missing", "missing");
        }

        if (RecordKey.Read(keyElement, out var keyProblem) is not { } key)
        {
            return Bad(index, null, record, ["body", "data", index, primaryKey], keyProblem!, "value_error") with { KeyJson = keyElement.GetRawText() };
        }

        return reject?.Invoke(record) == true
            ? Bad(index, key, record, ["body", "data", index, primaryKey], "is not accepted by a validation rule", "rejected")
            : new(index, key, key.Json, JsonText.Of(record, body), null, null);
    }

    /// <summary>Reads an item of an update: a key, its new data and its time to live.</summary>
    public RecordItem Update(int index, JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            return Bad(index, null, item, ["body", index], "must be an object", "object_type");
        }

        var hasKey = item.TryGetProperty("primary_key", out var keyElement);
        var hasData = item.TryGetProperty("data", out var data);
        string? keyProblem = "is missing";
        var key = hasKey ? RecordKey.Read(keyElement, out keyProblem) : null;
        var shown = hasData ? data : item;
        if (JsonContent.Problem(item) is { } problem)
        {
            return Bad(index, key, shown, ["body", index], problem, "value_error");
        }

        if (key is not { } good)
        {
            var bad = Bad(index, null, shown, ["body", index, "primary_key"], keyProblem!, hasKey ? "value_error" : "missing");
            return hasKey ? bad with { KeyJson = keyElement.GetRawText() } : bad;
        }

        if (!hasData || data.ValueKind != JsonValueKind.Object)
        {
            return Bad(index, key, shown, ["body", index, "data"], hasData ? "must be an object" : "is missing", hasData ? "object_type" : "missing");
        }

        if (!JsonContent.TryReadTimeToLive(item, "ttl", out var seconds))
        {
            return Bad(index, key, shown, ["body", index, "ttl"], "must be a positive whole number of seconds, or null", "value_error");
        }

        return reject?.Invoke(data) == true
            ? Bad(index, key, shown, ["body", index, "primary_key"], "is not accepted by a validation rule", "rejected")
            : new(index, good, good.Json, JsonText.Of(data, body), seconds, null);
    }

    /// <summary>Reads a key to delete.</summary>
    public RecordItem Delete(int index, JsonElement element)
    {
        if (RecordKey.Read(element, out var problem) is not { } key)
        {
            return Bad(index, null, element, ["body", "primary_keys", index], problem!, "value_error") with { KeyJson = element.GetRawText() };
        }

        return reject?.Invoke(element) == true
            ? Bad(index, key, element, ["body", "primary_keys", index], "is not accepted by a validation rule", "rejected")
            : new(index, key, key.Json, default, null, null);
    }

    private RecordItem Bad(int index, RecordKey? key, JsonElement value, IReadOnlyList<object> location, string problem, string type) =>
        new(index, key ?? default, key?.Json ?? "null", JsonText.Of(value, body), null, new ItemFault(location, key?.Json, problem, type));
}
