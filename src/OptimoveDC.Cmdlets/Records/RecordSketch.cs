using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using OptimoveDC.Core.Records;

namespace OptimoveDC.Cmdlets.Records;

/// <summary>What can be shown of an object that isn't sent: each field as it would be sent, without those that can't be.</summary>
internal static class RecordSketch
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 1000, SkipValidation = true };

    /// <summary>Shows an input that has no fields.</summary>
    /// <returns>The JSON, null when there is none; and whether it is less than the input was.</returns>
    internal static (string? Record, bool IsIncomplete) Of(object? input, ValueWriter values)
    {
        if (input is null || Write(input, values) is not { } json)
        {
            return (null, true);
        }

        return ($$"""{"value":{{Encoding.UTF8.GetString(json.WrittenSpan)}}}""", false);
    }

    /// <summary>Shows any input: its fields, or itself where it has none.</summary>
    /// <param name="input">The input.</param>
    /// <param name="reader">Reads its fields.</param>
    internal static (string? Record, bool IsIncomplete) Of(object? input, ObjectFields reader)
    {
        try
        {
            if (ValueTable.Simplify(input) is not { } record || !ObjectFields.Has(record))
            {
                return Of(input, new ValueWriter(reader));
            }

            var fields = new FieldList();
            reader.Read(record, fields);
            return Of(fields, static name => name, new ValueWriter(reader));
        }
        catch (UnsendableValueException)
        {
            return (null, true);
        }
    }

    /// <summary>Shows the fields of an object.</summary>
    /// <param name="fields">The fields.</param>
    /// <param name="sentName">The name that a field is sent under; null for one that isn't.</param>
    /// <param name="values">Writes them.</param>
    /// <returns>The JSON, and whether it is less than the object was.</returns>
    internal static (string? Record, bool IsIncomplete) Of(FieldList fields, Func<string, string?> sentName, ValueWriter values)
    {
        var isIncomplete = false;
        var names = new HashSet<string>(StringComparer.Ordinal);
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, Options);
        json.WriteStartObject();
        for (var at = 0; at < fields.Count; at++)
        {
            if (!RecordText.IsWellFormed(fields.Names[at]))
            {
                isIncomplete = true;
            }
            else if (sentName(fields.Names[at]) is { } name)
            {
                if (names.Add(name) && Write(fields, at, values) is { } value)
                {
                    json.WritePropertyName(name);
                    json.WriteRawValue(value.WrittenSpan, skipInputValidation: true);
                }
                else
                {
                    isIncomplete = true;
                }
            }
        }

        json.WriteEndObject();
        json.Flush();
        return (Encoding.UTF8.GetString(buffer.WrittenSpan), isIncomplete);
    }

    private static ArrayBufferWriter<byte>? Write(FieldList fields, int at, ValueWriter values)
    {
        try
        {
            return Write(fields.ValueAt(at), values);
        }
        catch (UnsendableValueException)
        {
            return null;
        }
    }

    private static ArrayBufferWriter<byte>? Write(object? value, ValueWriter values)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, Options);
        try
        {
            values.Write(json, value);
            json.Flush();
            return buffer;
        }
        catch (UnsendableValueException)
        {
            return null;
        }
    }
}
