using System.Management.Automation;

namespace OptimoveDC.Cmdlets.Records;

/// <summary>Takes all fields of an object.</summary>
/// <param name="fields">Takes them.</param>
/// <param name="refuse">Says why an object can't be a record; null when it can.</param>
internal sealed class RowTaker(FieldTaker fields, Func<object?, string?> refuse) : IRecordTaker
{
    /// <inheritdoc/>
    public TakenRecord Take(object? input, ValueList values)
    {
        var first = values.Count;
        if (refuse(input) is { } reason)
        {
            return new TakenRecord(input ?? "", null, first, reason, RecordSketch.Of(input), IsPlain: false);
        }

        var shape = fields.Take(PSObject.AsPSObject(input), values, out var isPlain);
        return new TakenRecord(input!, shape, first, null, null, isPlain);
    }
}
