using System.Data;
using System.Globalization;
using System.Management.Automation;
using OptimoveDC.Cmdlets.Arguments;
using OptimoveDC.Cmdlets.Completion;
using OptimoveDC.Cmdlets.Errors;
using OptimoveDC.Cmdlets.Loading;
using OptimoveDC.Cmdlets.Resuming;
using OptimoveDC.Cmdlets.Tables;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Records;
using OptimoveDC.Core.Records.Columns;
using OptimoveDC.Core.Records.Files;
using OptimoveDC.Core.Sync;

namespace OptimoveDC.Cmdlets.Synchronizing;

/// <summary>
/// Sends what changed in a source since the last sync, and nothing else. What the Data Connection holds is remembered in a
/// file of its own, the state: a hash of each record, never a value.
/// </summary>
[Cmdlet(VerbsData.Sync, "OptimoveData", SupportsShouldProcess = true, DefaultParameterSetName = PathSet)]
[OutputType(typeof(SyncResult))]
public sealed class SyncOptimoveDataCommand : SourceCmdlet
{
    private const string PipelineSet = "Pipeline";
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";
    private readonly SourceFiles _files;
    private SyncProgressBar? _progress;
    private ErrorWatch? _errors;
    private SyncSource? _source;
    private RecordSpool? _spool;
    private long _taken;
    private long _position;

    /// <summary>Makes the cmdlet.</summary>
    public SyncOptimoveDataCommand() => _files = new SourceFiles(this);

    /// <summary>The file to read; a wildcard that one file matches is allowed. It is read twice, so it can't be a pipe.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string Path { get; set; } = "";

    /// <summary>The file to read, its name taken as it stands.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath", "LP")]
    public string LiteralPath { get; set; } = "";

    /// <summary>A record (an object, a dictionary, a database row), or the source itself: a DataTable, a DataView, an open data reader, a file as Get-ChildItem gives it.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = PipelineSet)]
    [AllowNull]
    public object? InputObject { get; set; }

    /// <summary>The file that remembers what the Data Connection holds; the first sync makes it.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string StatePath { get; set; } = "";

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

    /// <summary>An unchanged record is sent again when it may expire within this time: seconds, or a TimeSpan; half of -TimeToLive when left out.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? RefreshWithin { get; set; }

    /// <summary>Deletes the records of the keys that the source has no longer.</summary>
    [Parameter]
    public SwitchParameter DeleteMissing { get; set; }

    /// <summary>How many of the known keys may be deleted at once, in percent; more stops the sync before anything is sent.</summary>
    [Parameter]
    [ValidateRange(0.0, 100.0)]
    public double MaxDeletePercent { get; set; } = SyncPlan.DefaultMaxDeletePercent;

    /// <summary>Sends every record again, whether it changed or not.</summary>
    [Parameter]
    public SwitchParameter Full { get; set; }

    /// <summary>The most records in an upload.</summary>
    [Parameter]
    [ValidateRange(1, LoadPlan.UploadCeiling)]
    public int BatchSize { get; set; } = LoadPlan.UploadCeiling;

    /// <summary>The most keys in a delete.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int DeleteBatchSize { get; set; } = LoadPlan.DefaultKeyedBatchSize;

    private protected override bool WritesResult => true;

    private protected override Action? Tick => _progress is { } progress ? progress.Update : null;

    private protected override string Key => KeyProperty ??= FindKnownKey();

    private bool IsWhatIf => MyInvocation.BoundParameters.TryGetValue("WhatIf", out var given)
        ? given is SwitchParameter { IsPresent: true }
        : SessionState.PSVariable.GetValue("WhatIfPreference") is { } preference && LanguagePrimitives.IsTrue(preference);

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _errors = new ErrorWatch(this);

        // A pipeline may run for hours before its end.
        CheckArguments(null, GetUnresolvedProviderPathFromPSPath(StatePath));
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName != PipelineSet)
        {
            Sync(OfFile(FindSource()));
            return;
        }

        foreach (var input in TableSource.Split(InputObject))
        {
            TakeInput(input);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (ParameterSetName == PipelineSet)
        {
            Sync(_source ?? OfPipeline());
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && _spool is { } spool)
        {
            _spool = null;
            AwaitSilently(spool.DisposeAsync().AsTask());
        }

        base.Dispose(disposing);
    }

    private void Sync(SyncSource source)
    {
        var state = GetUnresolvedProviderPathFromPSPath(StatePath);
        CheckArguments(source.Path, state);
        var sync = Open(MakePlan(source.Name, state));
        try
        {
            Progress(source.Name).Sync = sync;
            Write(Run(sync, source), countsLines: source.Path is not null);
        }
        finally
        {
            _progress = null;
            AwaitSilently(sync.DisposeAsync().AsTask());
        }
    }

    // The parts of a sync are loads with plans of their own.
    private protected override LoadPlan MakePlan(string source) => throw new NotSupportedException();

    private SyncReport Run(Synchronization sync, SyncSource source)
    {
        var objection = Compare(sync, source);
        var (toSend, toDelete) = sync.Intent;
        if (objection is not null
            || (toSend + toDelete > 0 ? !ShouldProcess($"Data Connection {TargetConnection}", Describe(source.Path ?? $"the {source.Name}", toSend, toDelete)) : IsWhatIf))
        {
            return sync.Refrain(objection);
        }

        return Await(Task.Run(() => sync.SendAsync(source.OpenAsync, StopToken), CancellationToken.None));
    }

    private Exception? Compare(Synchronization sync, SyncSource from)
    {
        IRecordSource? source = null;
        try
        {
            source = Await(from.OpenAsync(StopToken));
            var knowsFields = WarnOfMissing(source.FieldNames);
            if (from.Path is { } path && source.TotalBytes is null)
            {
                throw new SourceException(path, null, "it can be read only once, and a sync reads its file twice; save what the pipe gives first");
            }

            var objection = Await(Task.Run(() => sync.CompareAsync(source, StopToken), CancellationToken.None));
            if (!knowsFields)
            {
                WarnOfMissing(source.FieldNames);
            }

            foreach (var remark in objection is null ? source.Remarks.Concat(TableSource.WarningsOf(source)) : [])
            {
                WriteWarning(remark);
            }

            return objection;
        }
        catch (SourceException exception)
        {
            ThrowTerminatingError(ErrorRecords.Source(exception, from.Name));
            throw;
        }
        catch (SyncException exception)
        {
            ThrowTerminatingError(ErrorRecords.Sync(exception, StatePath));
            throw;
        }
        finally
        {
            if (source is not null)
            {
                AwaitSilently(source.DisposeAsync().AsTask());
            }
        }
    }

    private void Write(SyncReport report, bool countsLines)
    {
        StopToken.ThrowIfStopped();
        WritePosted();
        _progress?.Complete();
        WriteObject(report.Result);
        foreach (var rejection in report.Rejections)
        {
            WriteError(ErrorRecords.Rejected(rejection, report.Result.Source, countsLines));
        }

        foreach (var rejection in report.DeleteRejections)
        {
            WriteError(ErrorRecords.Rejected(rejection, "missing keys", countsLines: false));
        }

        if (report.DeletesWithheld is { } reason)
        {
            WriteError(ErrorRecords.DeletesWithheld(reason, report.Result));
        }

        if (report.Failure is not null || report.Result.Unknown > 0 || (report.Result is { NotSent: > 0, Requests: > 0 }))
        {
            ThrowTerminatingError(ErrorRecords.Stopped(report));
        }
    }

    private string FindSource()
    {
        var files = ParameterSetName == PathSet ? _files.Resolve([Path]) : _files.ResolveLiteral([LiteralPath]);
        if (files.Count > 1)
        {
            ThrowTerminatingError(ErrorRecords.Argument($"'{Path}' matches {files.Count} files; each file is a sync of its own, with a state of its own.", Path));
        }

        return files[0];
    }

    private void CheckArguments(string? source, string state)
    {
        if (First is not null && DeleteMissing)
        {
            ThrowTerminatingError(ErrorRecords.Argument("With -First a part of the source is read, and -DeleteMissing would delete the rest.", First));
        }

        if (source is not null && SourceFiles.AreSame(state, source))
        {
            ThrowTerminatingError(ErrorRecords.Argument($"-StatePath is {state}, which is the file to read. Name another one.", StatePath));
        }

        if (RejectPath is not null && GetUnresolvedProviderPathFromPSPath(RejectPath) is var rejects
            && ((source is not null && SourceFiles.AreSame(rejects, source)) || SourceFiles.AreSame(rejects, state)))
        {
            ThrowTerminatingError(ErrorRecords.Argument($"-RejectPath is {rejects}, which the sync needs: it would be overwritten. Name another file.", RejectPath));
        }
    }

    private SyncPlan MakePlan(string source, string state) => new()
    {
        Source = source,
        StatePath = state,
        DataConnectionId = TargetConnection,
        KeyType = EffectiveKeyType,
        KeyOptions = ImportDescription.KeyOptions(Key, EffectiveKeyType),
        ContentOptions = ImportDescription.ContentOptions(MyInvocation),
        TimeToLiveSeconds = TimeToLive,
        RefreshWithin = RefreshWithin,
        DeleteMissing = DeleteMissing,
        IncompleteBecause = DeleteMissing && MyInvocation.ExpectingInput && _errors!.HasSeenError
            ? "an error was written to $Error while the pipeline ran, so rows that it should have given may be among them"
            : null,
        MaxDeletePercent = MaxDeletePercent,
        Full = Full,
        BatchSize = BatchSize,
        DeleteBatchSize = DeleteBatchSize,
        ThrottleLimit = ThrottleLimit,
        MaxReject = MaxReject,
        MaxThrottleWait = MaxThrottleWait,
        RejectFile = Rejects,
    };

    private Synchronization Open(SyncPlan plan)
    {
        try
        {
            return Synchronization.Open(Client, plan, NewObserver(), IsWhatIf);
        }
        catch (SyncException exception)
        {
            ThrowTerminatingError(ErrorRecords.Sync(exception, StatePath));
            throw;
        }
    }

    private SyncProgressBar Progress(string source) => _progress ??= new SyncProgressBar(this, source, Client.TimeProvider);

    private void TakeInput(object? input)
    {
        if (_source is not null)
        {
            ThrowTerminatingError(ErrorRecords.Argument($"A sync has one source, which is {_source.Name}, and more came after it. Each source is a sync of its own, with a state of its own.", null));
        }

        if (FindSource(input) is { } source)
        {
            if (_taken > 0)
            {
                ThrowTerminatingError(ErrorRecords.Argument($"A sync has one source: records came down the pipeline, and then {source.Name}. Each source is a sync of its own, with a state of its own.", null));
            }

            _source = source;
        }
        else if (_taken++ < (First ?? long.MaxValue))
        {
            TakeRecord(input);
        }
    }

    private void TakeRecord(object? input)
    {
        var spool = Spool(PipelineName);
        Objects.Write(spool.Writer, ++_position, input);
        Keep(spool.HandOverAsync(StopToken));
        Progress(PipelineName).Update();
        if (MaxReject.IsExceededBy(spool.Rejected, spool.Read))
        {
            // The first reading stops here too, so there is no use in the rest.
            Sync(OfPipeline());
        }
    }

    private void Keep(ValueTask keeping)
    {
        if (keeping.IsCompletedSuccessfully)
        {
            return;
        }

        try
        {
            Await(keeping.AsTask());
        }
        catch (SourceException exception)
        {
            ThrowTerminatingError(ErrorRecords.Source(exception, PipelineName));
        }
    }

    private SyncSource? FindSource(object? input)
    {
        if ((input is PSObject wrapped ? wrapped.BaseObject : input) is FileInfo file)
        {
            return OfFile(file.FullName);
        }

        var layout = FileLayout;
        return TableSource.Find(input) switch
        {
            null => null,
            IDataReader reader => OfReader(reader, layout),
            var table => new SyncSource(TableSource.NameOf(table), null, _ => Task.FromResult(TableSource.Open(table, layout))),
        };
    }

    private SyncSource OfFile(string path)
    {
        var layout = FileLayout;
        return new SyncSource(path, path, stop => RecordFile.OpenAsync(path, layout, stop));
    }

    private SyncSource OfReader(IDataReader reader, FileLayout layout) =>
        new(DataReaderSource.SourceName, null, new SpooledReader(reader, layout, Spool(DataReaderSource.SourceName), MaxReject).OpenAsync);

    private SyncSource OfPipeline()
    {
        var spool = Spool(PipelineName);
        Keep(spool.CompleteAsync(StopToken));
        var names = Objects.FieldNames;
        string[] remarks = [.. First is null ? Objects.Remarks : [], .. Objects.SkippedRows is { } skipped ? [skipped] : Array.Empty<string>()];
        return new SyncSource(PipelineName, null, _ => Task.FromResult(spool.Open(names, remarks)));
    }

    private RecordSpool Spool(string source)
    {
        _spool ??= new RecordSpool(source, EffectiveKeyType);
        Progress(source).Spool = _spool;
        return _spool;
    }

    private static string Describe(string source, long toSend, long toDelete)
    {
        var upload = string.Create(CultureInfo.InvariantCulture, $"Upload {toSend} records of {source}, each replacing the whole record of its key");
        return toDelete == 0 ? upload : string.Create(CultureInfo.InvariantCulture, $"{upload}, and delete {toDelete} records that it has no longer");
    }
}
