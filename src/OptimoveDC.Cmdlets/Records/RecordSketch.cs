using System.Management.Automation;
using System.Security;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using OptimoveDC.Core.Records.Columns;

namespace OptimoveDC.Cmdlets.Records;

/// <summary>
/// Shows an object that can't be sent, for the eyes of whoever mends it: each field as it would be sent, or, where that
/// can't be, as text. A secret stays one.
/// </summary>
internal static class RecordSketch
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 1000 };

    /// <summary>Shows any object as it is now.</summary>
    internal static string Of(object? input)
    {
        if (input is null || !ObjectFields.Has(PSObject.AsPSObject(input)))
        {
            return Write(json => WriteField(json, "value", input ?? ""));
        }

        var values = new ValueList();
        var shape = new FieldTaker(new ColumnLayout { KeyProperty = "" }).Take(PSObject.AsPSObject(input), values, out _);
        return Of(shape, values.Slice(0, values.Count));
    }

    /// <summary>Shows an object from what was taken of it.</summary>
    /// <param name="shape">Its fields.</param>
    /// <param name="values">Their values.</param>
    /// <param name="sentName">The name that a field is sent under, null for one that isn't; by their own names when not given.</param>
    internal static string Of(ObjectShape shape, ReadOnlySpan<object?> values, Func<string, string?>? sentName = null)
    {
        var taken = values.ToArray();
        return Write(json =>
        {
            var names = new HashSet<string>(StringComparer.Ordinal);
            for (var at = 0; at < taken.Length; at++)
            {
                var name = sentName is null ? shape.Names[at] : sentName(shape.Names[at]);
                if (name is not null && names.Add(name))
                {
                    WriteField(json, name, taken[at]);
                }
            }
        });
    }

    private static string Write(Action<Utf8JsonWriter> writeFields)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            writeFields(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static void WriteField(Utf8JsonWriter json, string name, object? value)
    {
        if (value is FrozenValue frozen)
        {
            WriteFrozen(json, name, frozen);
            return;
        }

        using var one = new MemoryStream();
        using (var writer = new Utf8JsonWriter(one, Options))
        {
            try
            {
                new ObjectWriter().WriteValue(writer, value);
            }
            catch (UnwritableValueException)
            {
                writer.Reset(new MemoryStream());
                one.SetLength(0);
            }
        }

        // A lone half of a character becomes a replacement character: the only way in which text can show it.
        json.WritePropertyName(Mend(name));
        if (one.Length > 0)
        {
            json.WriteRawValue(one.GetBuffer().AsSpan(0, (int)one.Length));
        }
        else if ((value is PSObject wrapped ? wrapped.BaseObject : value) is SecureString or PSCredential)
        {
            json.WriteNullValue();
        }
        else
        {
            json.WriteStringValue(Mend(value?.ToString() ?? ""));
        }
    }

    private static void WriteFrozen(Utf8JsonWriter json, string name, FrozenValue frozen)
    {
        json.WritePropertyName(Mend(name));
        if (!frozen.Json.IsEmpty)
        {
            json.WriteRawValue(frozen.Json, skipInputValidation: true);
        }
        else if (frozen.IsUnreadable)
        {
            json.WriteNullValue();
        }
        else
        {
            json.WriteStringValue(Mend(frozen.Text));
        }
    }

    private static string Mend(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
