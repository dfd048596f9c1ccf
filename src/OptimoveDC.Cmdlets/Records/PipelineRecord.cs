using System.Management.Automation;
using OptimoveDC.Core.Records;

namespace OptimoveDC.Cmdlets.Records;

/// <summary>Makes a record of an object that came down the pipeline: the one way for an import and for its test.</summary>
internal static class PipelineRecord
{
    /// <summary>Why an object can't be a record at all; null when it can.</summary>
    internal static string? Refuse(object? input) => (input is PSObject boxed ? boxed.BaseObject : input) switch
    {
        PSCustomObject => null,
        null => "it is null; a record is an object or a dictionary",
        string => "it is text, not a record; name a file with -Path",
        var bare => ObjectFields.Has(PSObject.AsPSObject(input)) ? null : $"it is a {bare.GetType().Name}; a record is an object or a dictionary",
    };

    /// <summary>Writes the record, or rejects it with the reason.</summary>
    /// <param name="writer">Takes the record.</param>
    /// <param name="block">The objects, as they were taken.</param>
    /// <param name="at">Which of them.</param>
    /// <param name="layout">How its fields are sent.</param>
    internal static void Write(RecordWriter writer, RecordBlock block, int at, RecordLayout layout)
    {
        ref readonly var record = ref block.RecordAt(at);
        var values = block.ValuesAt(at);
        writer.Begin(block.Position + at, record.Input, block.KeeperOf(at));
        if (record.Shape is not { } shape)
        {
            writer.Reject(record.Reason!, record.Sketch, RecordFault.Malformed);
            return;
        }

        try
        {
            if (layout.TakeKey(writer.Key, shape, values) is { } reason)
            {
                writer.Reject(reason, RecordSketch.Of(shape, values, layout.SentName), RecordFault.Malformed);
                return;
            }

            layout.WriteData(writer, shape, values);
            writer.Commit();
        }
        catch (UnwritableValueException exception)
        {
            writer.Reject(exception.Message, RecordSketch.Of(shape, values, layout.SentName));
        }
    }
}
