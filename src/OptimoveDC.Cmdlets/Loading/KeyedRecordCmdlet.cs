using System.Management.Automation;
using OptimoveDC.Cmdlets.Completion;
using OptimoveDC.Cmdlets.Records;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Records.Columns;

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

    private protected RecordLayout Layout { get; } = new(new ColumnLayout { KeyProperty = "" });

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

    /// <summary>Finds an object's key: in the field that -KeyProperty names, else in <c>primary_key</c>.</summary>
    /// <param name="item">The object.</param>
    /// <param name="name">The field's own name.</param>
    /// <param name="key">The key.</param>
    /// <returns>Null, or the reason why there is none.</returns>
    private protected string? FindKey(PSObject item, out string name, out object? key)
    {
        if (KeyProperty is not null)
        {
            return ObjectFields.TryGet(item, KeyProperty, out name, out key) ? null : $"it has no field '{KeyProperty}', which -KeyProperty names";
        }

        return ObjectFields.TryGet(item, "primary_key", out name, out key) || ObjectFields.TryGet(item, "PrimaryKey", out name, out key)
            ? null
            : "it has no field 'primary_key'; name the field that holds the key with -KeyProperty";
    }
}
