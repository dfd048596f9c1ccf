using System.Collections;
using System.Management.Automation;
using System.Security;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OptimoveDC.Cmdlets.Records;

/// <summary>
/// Shows an object that can't be sent, for the eyes of whoever mends it: each field as it would be sent, or, where that
/// can't be, as text. A secret stays one.
/// </summary>
internal static class RecordSketch
{
    /// <summary>Writes the object as a JSON object.</summary>
    /// <param name="input">The object.</param>
    /// <param name="sentName">The name that a field is sent under, null for one that isn't; by their own names when not given.</param>
    internal static string Of(object input, Func<string, string?>? sentName = null)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 1000 }))
        {
            json.WriteStartObject();
            var wrapped = PSObject.AsPSObject(input);
            if (ObjectFields.Has(wrapped))
            {
                WriteFields(json, wrapped, sentName ?? (name => name));
            }
            else
            {
                WriteField(json, "value", input);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static void WriteFields(Utf8JsonWriter json, PSObject wrapped, Func<string, string?> sentName)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (wrapped.BaseObject is IDictionary dictionary)
        {
            foreach (DictionaryEntry entry in dictionary)
            {
                if (sentName(entry.Key.ToString() ?? "") is { } name && names.Add(name))
                {
                    WriteField(json, name, entry.Value);
                }
            }

            return;
        }

        foreach (var property in wrapped.Properties)
        {
            if (property.IsGettable && sentName(property.Name) is { } name && names.Add(name))
            {
                WriteField(json, name, TryGet(property));
            }
        }
    }

    private static object? TryGet(PSPropertyInfo property)
    {
        try
        {
            return property.Value;
        }
        catch (GetValueException)
        {
            return null;
        }
    }

    private static void WriteField(Utf8JsonWriter json, string name, object? value)
    {
        using var one = new MemoryStream();
        using (var writer = new Utf8JsonWriter(one, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 1000 }))
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

    private static string Mend(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
