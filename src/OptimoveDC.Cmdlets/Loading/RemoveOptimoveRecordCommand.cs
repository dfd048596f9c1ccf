using System.Management.Automation;
using OptimoveDC.Cmdlets.Records;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Records;

namespace OptimoveDC.Cmdlets.Loading;

/// <summary>Deletes records of a Data Connection by primary key.</summary>
[Cmdlet(VerbsCommon.Remove, "OptimoveRecord", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, DefaultParameterSetName = KeySet)]
[OutputType(typeof(LoadResult))]
public sealed class RemoveOptimoveRecordCommand : KeyedRecordCmdlet
{
    /// <summary>The keys of the records to delete. Quote them unless they are numbers: 0001000 on the command line is 1000.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = KeySet)]
    [ValidateNotNullOrEmpty]
    public object[] PrimaryKey { get; set; } = [];

    /// <summary>A key, or an object with one: in the field that -KeyProperty names, else in primary_key.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = PipelineSet)]
    [AllowNull]
    [AllowEmptyString]
    public object? InputObject { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if ((ParameterSetName == KeySet ? PrimaryKey : ItemsOf(InputObject)) is not { } items)
        {
            Take(InputObject);
            return;
        }

        foreach (var input in items)
        {
            Take(input);
        }
    }

    private protected override ConfirmImpact Impact => ConfirmImpact.High;

    private protected override Envelope MakeEnvelope() => new DeleteEnvelope();

    private protected override void WriteInput(RecordWriter writer, long position, object? input)
    {
        writer.Begin(position);
        string? reason;
        try
        {
            reason = FindKeyOf(input, out var key) ?? ValueTable.SetKey(writer.Key, key);
        }
        catch (UnsendableValueException exception)
        {
            reason = exception.Message;
        }

        if (reason is not null)
        {
            Reject(writer, input, reason);
        }
        else if (!Confirm(writer.Key, "Delete the record"))
        {
            writer.Discard();
        }
        else
        {
            writer.WriteData(default);
            writer.Commit();
        }
    }

    // What has no fields is a key itself.
    private string? FindKeyOf(object? input, out object? key)
    {
        key = input;
        return input is string or int or long || ValueTable.Simplify(input) is not { } record || !ObjectFields.Has(record) ? null : FindKey(record, KeyProperty, out key);
    }
}
