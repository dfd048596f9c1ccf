using System.Collections.Specialized;
using System.Text.Json;
using OptimoveDC.Emulator;

namespace OptimoveDC.Cmdlets.Emulation;

/// <summary>Makes what a script can look into of a stored record.</summary>
internal static class EmulatorRecordReader
{
    internal static EmulatorRecord Read(Guid connectionId, StoredRecord record)
    {
        using var key = JsonDocument.Parse(record.KeyJson);
        using var data = JsonDocument.Parse(record.Json);
        return new EmulatorRecord
        {
            DataConnectionId = connectionId,
            PrimaryKey = ValueOf(key.RootElement),
            Data = (OrderedDictionary)ValueOf(data.RootElement)!,
            Json = record.Json,
            TimeToLive = record.TimeToLiveSeconds,
            StoredAt = record.StoredAt,
            ExpiresAt = record.ExpiresAt,
        };
    }

    private static object? ValueOf(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var fields = new OrderedDictionary(StringComparer.Ordinal);
                foreach (var property in element.EnumerateObject())
                {
                    fields[property.Name] = ValueOf(property.Value);
                }

                return fields;
            case JsonValueKind.Array:
                return element.EnumerateArray().Select(ValueOf).ToArray();
            case JsonValueKind.String:
                return element.GetString();
            case JsonValueKind.Number:
                return element.TryGetInt64(out var whole) ? whole
                    : element.TryGetDecimal(out var precise) ? precise
                    : element.GetDouble();
            case JsonValueKind.True:
                return true;
            case JsonValueKind.False:
                return false;
            default:
                return null;
        }
    }
}
