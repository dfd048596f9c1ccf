using System.Management.Automation;
using OptimoveDC.Cmdlets.Completion;
using OptimoveDC.Cmdlets.Records;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Records;

namespace OptimoveDC.Cmdlets.Loading;

/// <summary>What update and delete share: one record by its key, or many from the pipeline.</summary>
public abstract class KeyedRecordCmdlet : LoadCmdlet
{
    /// <summary>The parameter set that takes objects from the pipeline.</summary>
    protected const string PipelineSet = "Pipeline";

    /// <summary>The parameter set that takes keys as arguments.</summary>
    protected const string KeySet = "Key";

    /// <summary>The field of an object that holds its primary key.</summary>
    [Parameter(ParameterSetName = PipelineSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ColumnNameCompleter))]
    public string? KeyProperty { get; set; }

    /// <summary>The most records in a request.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int BatchSize { get; set; } = LoadPlan.DefaultKeyedBatchSize;

    /// <summary>Writes the account of the load.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override bool WritesResult => PassThru;

    /// <summary>Reads single fields of objects.</summary>
    private protected ObjectFields Fields { get; } = new();

    private protected string CommandName => MyInvocation.MyCommand.Name;

    /// <summary>Finds the key that an object has.</summary>
    /// <param name="record">A simplified value with fields.</param>
    /// <param name="keyProperty">The field with the key; <c>primary_key</c> or <c>PrimaryKey</c> when null.</param>
    /// <param name="key">The key as it stands there.</param>
    /// <returns>Null, or the reason why there is none.</returns>
    private protected string? FindKey(object record, string? keyProperty, out object? key)
    {
        string[] names = keyProperty is null ? ["primary_key", "PrimaryKey"] : [keyProperty];
        foreach (var name in names)
        {
            if (Fields.TryGet(record, name, out key))
            {
                return null;
            }
        }

        key = null;
        var list = new FieldList();
        Fields.Read(record, list);
        return (keyProperty is null ? "it has no field 'primary_key'; name the field that holds the key with -KeyProperty" : $"it has no field '{keyProperty}', which -KeyProperty names")
            + FieldNotes.Describe(list, CommandName);
    }

    /// <summary>Rejects a record, with what can be shown of the input.</summary>
    private protected void Reject(RecordWriter writer, object? input, string reason)
    {
        var (record, isIncomplete) = RecordSketch.Of(input, Fields);
        writer.Reject(reason, record, isIncomplete: isIncomplete);
    }

    private protected abstract Envelope MakeEnvelope();

    private protected override LoadPlan MakePlan(string source) => new()
    {
        Envelope = MakeEnvelope(),
        Source = source,
        DataConnectionId = TargetConnection,
        KeyType = EffectiveKeyType,
        BatchSize = BatchSize,
        ThrottleLimit = ThrottleLimit,
        MaxReject = MaxReject,
        RejectFile = Rejects,
        MaxThrottleWait = MaxThrottleWait,
    };
}
