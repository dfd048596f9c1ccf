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
    public object? InputObject
    {
        get;
        set => field = MemoryPrefetch.Row(value);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if ((ParameterSetName == KeySet ? PrimaryKey : ItemsOf(InputObject)) is not { } items)
        {
            TakeInput(InputObject);
            return;
        }

        foreach (var input in items)
        {
            TakeInput(input);
        }
    }

    private protected override ConfirmImpact Impact => ConfirmImpact.High;

    private protected override Envelope MakeEnvelope() => new DeleteEnvelope();

    private protected override string? WriteInput(RecordWriter writer, object? input)
    {
        if ((KeyTaker.Find(input, out var key) ?? RecordLayout.SetKey(writer.Key, key)) is { } reason)
        {
            return reason;
        }

        if (!Confirm(writer.Key, "Delete the record"))
        {
            writer.Discard();
            return null;
        }

        writer.WriteData(default);
        writer.Commit();
        return null;
    }

    private protected override void WriteRow(RecordWriter writer, RecordBlock block, int at)
    {
        ref readonly var record = ref block.RecordAt(at);
        writer.Begin(block.Position + at, record.Input);
        if ((record.Reason ?? RecordLayout.SetKey(writer.Key, block.ValuesAt(at)[0])) is { } reason)
        {
            writer.Reject(reason);
            return;
        }

        writer.WriteData(default);
        writer.Commit();
    }

    private void TakeInput(object? input)
    {
        // To be asked about it is taken no earlier than the answer; for the reject file it is looked at as a whole.
        if (AsksForEach || RejectPath is not null)
        {
            Take(input);
        }
        else
        {
            TakeRow(input, KeyTaker);
        }
    }
}
