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

    private KeyTaker? _keyTaker;

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

    /// <summary>Finds the keys of objects, once -KeyProperty is known.</summary>
    private protected KeyTaker KeyTaker => _keyTaker ??= new KeyTaker(KeyProperty);

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
}
