using System.Collections;
using System.Globalization;
using System.Text.Json;

namespace OptimoveDC.Cmdlets.Records;

/// <summary>What to say of an object that lacks a field: which fields it has, and where the records may be instead.</summary>
internal static class FieldNotes
{
    private const int MostNames = 20;

    /// <summary>The end of a sentence that says which field is missing.</summary>
    internal static string Describe(FieldList fields, string command)
    {
        var names = fields.Names;
        var shown = string.Join(", ", names[..Math.Min(names.Length, MostNames)].ToArray().Select(name => $"'{name}'"));
        var there = names.IsEmpty ? "; it has no fields at all" : $"; its fields are {shown}{(names.Length > MostNames ? string.Create(CultureInfo.InvariantCulture, $" and {names.Length - MostNames} more") : "")}";
        return there + FindRecords(fields, command);
    }

    // What an API answers often has the records in a list, beside what is to be known of the list.
    private static string FindRecords(FieldList fields, string command)
    {
        for (var at = 0; at < fields.Count; at++)
        {
            if (CountOfObjects(fields, at) is > 0 and var count)
            {
                var path = new UnsendableValueException("").WithinField(fields.Names[at]).Path;
                return string.Create(CultureInfo.InvariantCulture, $". '{fields.Names[at]}' is a list of {count} objects: if those are the records, pipe them: $response.{path} | {command}");
            }
        }

        return "";
    }

    private static int CountOfObjects(FieldList fields, int at)
    {
        try
        {
            return ValueTable.Bare(ValueTable.Simplify(fields.ValueAt(at))) switch
            {
                IList { Count: > 0 } list and not byte[] when ObjectFields.Has(ValueTable.Simplify(list[0])) => list.Count,
                JsonElement { ValueKind: JsonValueKind.Array } json when json.GetArrayLength() > 0 && json[0].ValueKind == JsonValueKind.Object => json.GetArrayLength(),
                _ => 0,
            };
        }
        catch (UnsendableValueException)
        {
            return 0;
        }
    }
}
