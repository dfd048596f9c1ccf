using System.Management.Automation;
using OptimoveDC.Cmdlets.Arguments;
using OptimoveDC.Cmdlets.Completion;
using OptimoveDC.Cmdlets.Errors;
using OptimoveDC.Cmdlets.Resuming;
using OptimoveDC.Cmdlets.Records;
using OptimoveDC.Cmdlets.Tables;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Loading.Checkpoints;
using OptimoveDC.Core.Loading.Shards;
using OptimoveDC.Core.Records;
using OptimoveDC.Core.Records.Columns;
using OptimoveDC.Core.Records.Files;

namespace OptimoveDC.Cmdlets.Loading;

/// <summary>Uploads records to a Data Connection, from files or from the pipeline; one batch for each source.</summary>
[Cmdlet(VerbsData.Import, "OptimoveData", SupportsShouldProcess = true, DefaultParameterSetName = PathSet)]
[OutputType(typeof(LoadResult))]
public sealed class ImportOptimoveDataCommand : SourceCmdlet
{
    private const string PipelineSet = "Pipeline";
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";
    private readonly SourceFiles _files;
    private bool? _pipelineConfirmed;
    private long _taken;
    private Shard? _shard;
    private int _sources;

    /// <summary>Makes the cmdlet.</summary>
    public ImportOptimoveDataCommand() => _files = new SourceFiles(this);

    /// <summary>Files to read; wildcards are allowed. Each file is a source with a batch of its own.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Files to read, each name taken as it stands.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath", "LP")]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>A record (an object or a dictionary), or a file as Get-ChildItem gives it.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = PipelineSet)]
    [AllowNull]
    public object? InputObject { get; set; }

    /// <summary>The field that holds the primary key; known already where this session created the connection.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ColumnNameCompleter))]
    public string? KeyProperty { get; set; }

    /// <summary>After how long the records expire: seconds, or a TimeSpan; never when left out.</summary>
    [Parameter]
    [TimeToLiveTransformation]
    [Alias("Ttl")]
    public int? TimeToLive { get; set; }

    /// <summary>The most records in a request.</summary>
    [Parameter]
    [ValidateRange(1, LoadPlan.UploadCeiling)]
    public int BatchSize { get; set; } = LoadPlan.UploadCeiling;

    /// <summary>The batch to add to; a new one when none is given. For one source only.</summary>
    [Parameter]
    [ValidateNotNull]
    public Guid? BatchId { get; set; }

    /// <summary>Leaves the batch open, so that more can be added to it with -BatchId.</summary>
    [Parameter]
    public SwitchParameter KeepBatchOpen { get; set; }

    /// <summary>Which part of the source this call loads, where others load the rest; from 0. A key is always in the same part.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int ShardIndex { get; set; }

    /// <summary>Into how many parts the source is divided, by the keys of its records.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int ShardCount { get; set; }

    /// <summary>Where the import keeps what it needs to resume; for one source only. A file import of more than one request keeps one by itself.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CheckpointPath { get; set; }

    /// <summary>Goes on with an import that did not finish: the same source with the same options, in the same batch.</summary>
    [Parameter]
    public SwitchParameter Resume { get; set; }

    private protected override bool WritesResult => true;

    private protected override bool ContinuesRejects => Resume;

    private protected override bool KeepsBatchOpen => KeepBatchOpen;

    private protected override string Key => KeyProperty ??= FindKnownKey();

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (ShardArguments.FindFault(MyInvocation, ShardIndex, ShardCount, BatchId) is { } fault)
        {
            ThrowTerminatingError(ErrorRecords.Argument(fault, null));
        }

        _shard = ShardCount > 0 ? new Shard(ShardIndex, ShardCount) : null;
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == PipelineSet)
        {
            foreach (var input in TableSource.Split(InputObject))
            {
                TakeInput(input);
            }

            return;
        }

        var files = ParameterSetName == PathSet ? _files.Resolve(Path) : _files.ResolveLiteral(LiteralPath);
        if (BatchId is not null && files.Count > 1)
        {
            ThrowTerminatingError(ErrorRecords.Argument($"-BatchId is for one source, and {files.Count} files were named: each file is a batch of its own.", BatchId));
        }

        if (CheckpointPath is not null && files.Count > 1)
        {
            ThrowTerminatingError(ErrorRecords.Argument($"-CheckpointPath is for one source, and {files.Count} files were named: without it, each keeps one of its own.", CheckpointPath));
        }

        // All of them first: the reject file of an earlier run is taken away before the first is read.
        foreach (var file in files)
        {
            RefuseAsRejectFile(file);
        }

        foreach (var file in files)
        {
            ImportFile(file);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_taken > 0)
        {
            WriteRemarks(PipelineLoad, [.. First is null ? Objects.Remarks : [], .. Objects.SkippedRows is { } skipped ? [skipped] : Array.Empty<string>()]);
            WarnOfMissing(Objects.FieldNames);
        }

        base.EndProcessing();
        if (_taken > 0)
        {
            Remember(PipelineLoad, Objects.FieldNames);
        }
    }

    private protected override LoadPlan MakePlan(string source)
    {
        if (Resume && CheckpointPath is null)
        {
            ThrowTerminatingError(ErrorRecords.Argument("To resume an import from the pipeline, name its checkpoint with -CheckpointPath.", null));
        }

        return MakePlan(source, file: null);
    }

    private LoadPlan MakePlan(string source, string? file)
    {
        if (BatchId is not null && !KeepBatchOpen && _sources++ > 0)
        {
            ThrowTerminatingError(ErrorRecords.Argument(
                $"-BatchId is for one source, and {source} is a second one: the batch was completed with the first. With -KeepBatchOpen several can share a batch.", BatchId));
        }

        var checkpoint = MakeCheckpoint(source, file);
        var batch = checkpoint?.Header.BatchId ?? BatchId ?? Guid.NewGuid();
        return new LoadPlan
        {
            Envelope = new UploadEnvelope(batch, TimeToLive),
            Source = source,
            DataConnectionId = TargetConnection,
            BatchId = batch,
            Shard = _shard,
            KeepBatchOpen = KeepBatchOpen,
            KeyType = EffectiveKeyType,
            BatchSize = BatchSize,
            ThrottleLimit = ThrottleLimit,
            MaxReject = MaxReject,
            MaxThrottleWait = MaxThrottleWait,
            RejectFile = Rejects,
            Checkpoint = checkpoint,
        };
    }

    private CheckpointPlan? MakeCheckpoint(string source, string? file)
    {
        if (file is null && CheckpointPath is null)
        {
            return null;
        }

        var header = ImportDescription.Describe(
            MyInvocation, file, source, TargetConnection, BatchId ?? Guid.NewGuid(), _shard, Key, EffectiveKeyType, TimeToLive);
        var path = CheckpointPath is null
            ? CheckpointStore.PathFor(file!, TargetConnection, _shard)
            : GetUnresolvedProviderPathFromPSPath(CheckpointPath);
        return CheckpointChoice.Make(this, path, CheckpointPath is null, Resume, header, BatchId is not null);
    }

    private void TakeInput(object? input)
    {
        if ((input is PSObject wrapped ? wrapped.BaseObject : input) is FileInfo file)
        {
            ImportFile(file.FullName);
            return;
        }

        if (TableSource.Find(input) is { } table)
        {
            ImportTable(table);
            return;
        }

        _pipelineConfirmed ??= Confirm("the pipeline");
        if (!_pipelineConfirmed.Value || _taken++ >= (First ?? long.MaxValue))
        {
            return;
        }

        Take(input);
    }

    private protected override void WriteInput(RecordWriter writer, long position, object? input) => Objects.Write(writer, position, input);

    private void ImportFile(string path)
    {
        if (!Confirm(path))
        {
            return;
        }

        RefuseAsRejectFile(path);
        var layout = FileLayout;
        ImportSource(() => RecordFile.OpenAsync(path, layout, StopToken), path, () => MakePlan(path, path));
    }

    private void ImportTable(object table)
    {
        var name = TableSource.NameOf(table);
        if (Confirm(name))
        {
            var layout = FileLayout;
            ImportSource(() => Task.FromResult(TableSource.Open(table, layout)), name, () => MakePlan(name) with { CountsLines = false });
        }
    }

    private void ImportSource(Func<Task<IRecordSource>> open, string name, Func<LoadPlan> makePlan)
    {
        IRecordSource? source = null;
        try
        {
            source = Await(open());
            var knowsFields = WarnOfMissing(source.FieldNames);
            var loader = Start(makePlan(), source);
            Await(Task.Run(() => loader.LoadAsync(source), CancellationToken.None));
            WriteRemarks(loader, source.Remarks.Concat(TableSource.WarningsOf(source)));
            if (!knowsFields)
            {
                WarnOfMissing(source.FieldNames);
            }

            Finish(loader, isDrained: true);
            Remember(loader, source.FieldNames);
        }
        catch (SourceException exception)
        {
            ThrowTerminatingError(ErrorRecords.Source(exception, name));
        }
        finally
        {
            if (source is not null)
            {
                AwaitSilently(source.DisposeAsync().AsTask());
            }
        }
    }

    private void RefuseAsRejectFile(string path)
    {
        if (RejectPath is not null && SourceFiles.AreSame(GetUnresolvedProviderPathFromPSPath(RejectPath), path))
        {
            ThrowTerminatingError(ErrorRecords.Argument($"-RejectPath is {path}, which is being imported: it would be overwritten. Name another file.", RejectPath));
        }
    }

    private bool Confirm(string source) =>
        ShouldProcess(
            $"Data Connection {TargetConnection}",
            _shard is null
                ? $"Upload the records of {source}, each replacing the whole record of its key"
                : $"Upload the records of {source} that fall in {_shard}, each replacing the whole record of its key");

    private void Remember(Loader loader, IReadOnlyList<string> fields)
    {
        if (First is null && ActiveSession.Environment != ServiceEnvironment.Emulator && Await(loader.FinishAsync(isDrained: true)).Result.Completed)
        {
            LastColumns.Remember(TargetConnection, fields);
        }
    }

    private void WriteRemarks(Loader loader, IEnumerable<string> remarks)
    {
        foreach (var remark in loader.IsHalted ? [] : remarks)
        {
            WriteWarning(remark);
        }
    }
}
