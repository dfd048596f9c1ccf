using System.Globalization;
using System.Management.Automation;
using OptimoveDC.Cmdlets.Arguments;
using OptimoveDC.Cmdlets.Completion;
using OptimoveDC.Cmdlets.Errors;
using OptimoveDC.Cmdlets.Loading;
using OptimoveDC.Cmdlets.Resuming;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Records;
using OptimoveDC.Core.Records.Columns;
using OptimoveDC.Core.Records.Files;
using OptimoveDC.Core.Sync;

namespace OptimoveDC.Cmdlets.Synchronizing;

/// <summary>
/// Sends what changed in a file since the last sync, and nothing else. What the Data Connection holds is remembered in a
/// file of its own, the state: a hash of each record, never a value.
/// </summary>
[Cmdlet(VerbsData.Sync, "OptimoveData", SupportsShouldProcess = true, DefaultParameterSetName = PathSet)]
[OutputType(typeof(SyncResult))]
public sealed class SyncOptimoveDataCommand : SourceCmdlet
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";
    private readonly SourceFiles _files;
    private SyncProgressBar? _progress;

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

    /// <summary>Deletes the records of the keys that the file has no longer.</summary>
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
    protected override void ProcessRecord()
    {
        var source = FindSource();
        var state = GetUnresolvedProviderPathFromPSPath(StatePath);
        CheckArguments(source, state);
        var sync = Open(MakePlan(source, state));
        try
        {
            _progress = new SyncProgressBar(this, sync, source, Client.TimeProvider);
            Write(Run(sync, source));
        }
        finally
        {
            _progress = null;
            AwaitSilently(sync.DisposeAsync().AsTask());
        }
    }

    // The parts of a sync are loads with plans of their own.
    private protected override LoadPlan MakePlan(string source) => throw new NotSupportedException();

    private SyncReport Run(Synchronization sync, string source)
    {
        var objection = Compare(sync, source);
        var (toSend, toDelete) = sync.Intent;
        if (objection is not null
            || (toSend + toDelete > 0 ? !ShouldProcess($"Data Connection {TargetConnection}", Describe(source, toSend, toDelete)) : IsWhatIf))
        {
            return sync.Refrain(objection);
        }

        return Await(Task.Run(() => sync.SendAsync(stop => RecordFile.OpenAsync(source, FileLayout, stop), StopToken), CancellationToken.None));
    }

    private Exception? Compare(Synchronization sync, string path)
    {
        IRecordSource? source = null;
        try
        {
            source = Await(RecordFile.OpenAsync(path, FileLayout, StopToken));
            var knowsFields = WarnOfMissing(source.FieldNames);
            if (source.TotalBytes is null)
            {
                throw new SourceException(path, null, "it can be read only once, and a sync reads its file twice; save what the pipe gives first");
            }

            var objection = Await(Task.Run(() => sync.CompareAsync(source, StopToken), CancellationToken.None));
            if (!knowsFields)
            {
                WarnOfMissing(source.FieldNames);
            }

            foreach (var remark in objection is null ? source.Remarks : [])
            {
                WriteWarning(remark);
            }

            return objection;
        }
        catch (SourceException exception)
        {
            ThrowTerminatingError(ErrorRecords.Source(exception, path));
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

    private void Write(SyncReport report)
    {
        StopToken.ThrowIfStopped();
        WritePosted();
        _progress?.Complete();
        WriteObject(report.Result);
        foreach (var rejection in report.Rejections)
        {
            WriteError(ErrorRecords.Rejected(rejection, report.Result.Source, countsLines: true));
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

    private void CheckArguments(string source, string state)
    {
        if (First is not null && DeleteMissing)
        {
            ThrowTerminatingError(ErrorRecords.Argument("With -First a part of the file is read, and -DeleteMissing would delete the rest.", First));
        }

        if (SourceFiles.AreSame(state, source))
        {
            ThrowTerminatingError(ErrorRecords.Argument($"-StatePath is {state}, which is the file to read. Name another one.", StatePath));
        }

        if (RejectPath is not null && GetUnresolvedProviderPathFromPSPath(RejectPath) is var rejects && (SourceFiles.AreSame(rejects, source) || SourceFiles.AreSame(rejects, state)))
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

    private static string Describe(string source, long toSend, long toDelete)
    {
        var upload = string.Create(CultureInfo.InvariantCulture, $"Upload {toSend} records of {source}, each replacing the whole record of its key");
        return toDelete == 0 ? upload : string.Create(CultureInfo.InvariantCulture, $"{upload}, and delete {toDelete} records that it has no longer");
    }
}
