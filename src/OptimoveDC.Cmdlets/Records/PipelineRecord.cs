using System.Management.Automation;
using OptimoveDC.Core.Records;

namespace OptimoveDC.Cmdlets.Records;

/// <summary>Makes a record of an object that came down the pipeline: the one way for an import and for its test.</summary>
internal static class PipelineRecord
{
    /// <summary>Writes the record, or rejects it with the reason.</summary>
    /// <param name="writer">Takes the record.</param>
    /// <param name="position">Its place on the pipeline, from 1.</param>
    /// <param name="input">The object.</param>
    /// <param name="layout">How its fields are sent.</param>
    internal static void Write(RecordWriter writer, long position, object? input, RecordLayout layout)
    {
        writer.Begin(position, input ?? "");
        try
        {
            if (TryWrite(writer, input, layout) is { } reason)
            {
                writer.Reject(reason, Show(), writer.Key.Json.IsEmpty ? RecordFault.Malformed : RecordFault.Value);
            }
        }
        catch (UnwritableValueException exception)
        {
            writer.Reject(exception.Message, Show());
        }

        string Show() => RecordSketch.Of(input ?? "", layout.SentName);
    }

    private static string? TryWrite(RecordWriter writer, object? input, RecordLayout layout)
    {
        switch (input is PSObject boxed ? boxed.BaseObject : input)
        {
            case null:
                return "it is null; a record is an object or a dictionary";
            case string:
                return "it is text, not a record; name a file with -Path";
        }

        var record = PSObject.AsPSObject(input);
        if (!ObjectFields.Has(record))
        {
            return $"it is a {record.BaseObject.GetType().Name}; a record is an object or a dictionary";
        }

        if ((layout.FindKey(record, writer.Key, out var keyName, out var keyValue) ?? layout.SetKey(writer.Key, keyValue, keyName)) is { } reason)
        {
            return reason;
        }

        layout.WriteRecord(writer.OpenData(), record, keyName, writer.Key, leftOut: null);
        writer.Commit();
        return null;
    }
}
