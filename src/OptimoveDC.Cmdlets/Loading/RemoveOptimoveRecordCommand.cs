using System.Management.Automation;
using OptimoveDC.Cmdlets.Records;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Records;

namespace OptimoveDC.Cmdlets.Loading;

/// <summary>Deletes records of a Data Connection by primary key.</summary>
[Cmdlet(VerbsCommon.Remove, "OptimoveRecord", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, DefaultParameterSetName = PipelineSet)]
[OutputType(typeof(LoadResult))]
public sealed class RemoveOptimoveRecordCommand : LoadCmdlet
{
    private const string PipelineSet = "Pipeline";
    private const string KeySet = "Key";
    private readonly RecordLayout _layout = new(new Dictionary<string, ColumnType>(), EmptyValue.Text);

    /// <summary>The keys of the records to delete. Quote them unless they are numbers: 0001000 on the command line is 1000.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = KeySet)]
    [ValidateNotNullOrEmpty]
    public object[] PrimaryKey { get; set; } = [];

    /// <summary>A key, or an object with one: in the field that -KeyProperty names, else in primary_key.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = PipelineSet)]
    [AllowNull]
    [AllowEmptyString]
    public object? InputObject { get; set; }

    /// <summary>The field of an object that holds its primary key.</summary>
    [Parameter(ParameterSetName = PipelineSet)]
    [ValidateNotNullOrEmpty]
    public string? KeyProperty { get; set; }

    /// <summary>The most keys in a request.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int BatchSize { get; set; } = LoadPlan.DefaultKeyedBatchSize;

    /// <summary>Writes the account of the load.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override bool WritesResult => PassThru;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var input in ParameterSetName == KeySet ? PrimaryKey : Expand(InputObject))
        {
            Take(input, writer => Write(writer, input));
        }
    }

    private protected override LoadPlan MakePlan(string source) => new()
    {
        Envelope = new DeleteEnvelope(),
        Source = source,
        DataConnectionId = TargetConnection,
        KeyType = EffectiveKeyType,
        BatchSize = BatchSize,
        ThrottleLimit = ThrottleLimit,
        MaxReject = MaxReject,
        MaxThrottleWait = MaxThrottleWait,
    };

    private string? Write(RecordWriter writer, object? input)
    {
        if (FindKey(input, out var key) is { } missing)
        {
            return missing;
        }

        if (_layout.SetKey(writer.Key, key) is { } reason)
        {
            return reason;
        }

        if (!Confirm(writer.Key, "Delete the record"))
        {
            writer.Discard();
            return null;
        }

        writer.OpenData();
        writer.Commit();
        return null;
    }

    private string? FindKey(object? input, out object? key)
    {
        key = input;
        if (input is null || !ObjectFields.Has(PSObject.AsPSObject(input)))
        {
            return null;
        }

        var item = PSObject.AsPSObject(input);
        if (KeyProperty is not null)
        {
            return ObjectFields.TryGet(item, KeyProperty, out _, out key) ? null : $"it has no field '{KeyProperty}', which -KeyProperty names";
        }

        return ObjectFields.TryGet(item, "primary_key", out _, out key) || ObjectFields.TryGet(item, "PrimaryKey", out _, out key)
            ? null
            : "it has no field 'primary_key'; name the field that holds the key with -KeyProperty";
    }
}
