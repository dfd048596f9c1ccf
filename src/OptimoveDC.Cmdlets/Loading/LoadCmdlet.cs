using System.Collections;
using System.Management.Automation;
using System.Text;
using OptimoveDC.Cmdlets.Arguments;
using OptimoveDC.Cmdlets.Completion;
using OptimoveDC.Cmdlets.Errors;
using OptimoveDC.Cmdlets.Pipeline;
using OptimoveDC.Cmdlets.Records;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Loading.Checkpoints;
using OptimoveDC.Core.Loading.Rejects;
using OptimoveDC.Core.Records;

namespace OptimoveDC.Cmdlets.Loading;

/// <summary>What the three writing cmdlets share: their parameters, the engine behind them, and the account at the end.</summary>
public abstract class LoadCmdlet : OptimoveCmdlet
{
    internal const string PipelineName = "pipeline";
    private readonly List<Loader> _running = [];
    private LoadProgressBar? _progress;
    private RejectFile? _rejectFile;
    private Loader? _pipelineLoad;
    private bool? _asksForEach;
    private long _position;

    /// <summary>The Data Connection to write to; the session's own when none is given.</summary>
    [Parameter]
    [DataConnectionIdTransformation]
    [ArgumentCompleter(typeof(DataConnectionIdCompleter))]
    [ValidateNotNull]
    public Guid? DataConnectionId { get; set; }

    /// <summary>How primary keys are written; the session's own way when not given.</summary>
    [Parameter]
    public KeyType KeyType { get; set; }

    /// <summary>The most requests under way at once.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 4;

    /// <summary>How many records may be rejected before the load stops: a number, or a share of those read (5%).</summary>
    [Parameter]
    public RejectLimit MaxReject { get; set; } = RejectLimit.Default;

    /// <summary>A file for the rejected records, one JSON object a line, each with the reason; it can be mended and loaded again.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? RejectPath { get; set; }

    /// <summary>How long «slow down» may be obeyed without one accepted request: seconds, or a TimeSpan.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan MaxThrottleWait { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>The Data Connection of this call.</summary>
    private protected Guid TargetConnection
    {
        get
        {
            var id = DataConnectionId ?? ActiveSession.DataConnectionId;
            if (id is null)
            {
                ThrowTerminatingError(ErrorRecords.Argument(
                    "Name the Data Connection with -DataConnectionId, here or at Connect-Optimove.",
                    null));
            }

            return id!.Value;
        }
    }

    private protected KeyType EffectiveKeyType => MyInvocation.BoundParameters.ContainsKey(nameof(KeyType)) ? KeyType : ActiveSession.KeyType;

    /// <summary>What the operation puts around records; a new one for every batch.</summary>
    private protected abstract LoadPlan MakePlan(string source);

    /// <summary>Whether the result is written to the pipeline.</summary>
    private protected abstract bool WritesResult { get; }

    /// <summary>The load that takes what comes down the pipeline, started with the first record.</summary>
    private protected Loader PipelineLoad => _pipelineLoad ??= StartPipeline();

    /// <summary>The file for rejected records, one for all sources of the call; null when none was asked for.</summary>
    private protected RejectFile? Rejects => RejectPath is null ? null : _rejectFile ??= OpenRejects();

    /// <summary>True when the call goes on with an earlier one, so that what that wrote is kept.</summary>
    private protected virtual bool ContinuesRejects => false;

    /// <inheritdoc/>
    private protected override Action? Tick => _progress is { } progress ? progress.Update : null;

    private protected Loader Start(LoadPlan plan, IRecordSource? file = null)
    {
        var loader = StartLoader(plan);
        _progress = new LoadProgressBar(this, loader, plan.Source, plan.Shard, file, Client.TimeProvider);
        return loader;
    }

    private Loader StartPipeline()
    {
        return Start(MakePlan(PipelineName) with { CountsLines = false });
    }

    private Loader StartLoader(LoadPlan plan)
    {
        try
        {
            return StartWatched(plan);
        }
        catch (CheckpointException exception)
        {
            ThrowTerminatingError(ErrorRecords.Checkpoint(exception, plan.Source));
            throw;
        }
    }

    /// <summary>Hears of a load, and tells the streams.</summary>
    private protected LoadObserver NewObserver() => new()
    {
        Warning = PostWarning,
        AttemptEnded = PostAttempt,
        Throttling = PostThrottling,
        FirstRecord = WritesDebug ? PostShape : null,
    };

    private Loader StartWatched(LoadPlan plan)
    {
        var loader = Loader.Start(Client, plan, NewObserver(), StopToken);
        _running.Add(loader);
        return loader;
    }

    /// <summary>Hands full chunks over, and holds the pipeline back while the network is slower.</summary>
    private protected void HandOver(Loader loader)
    {
        var work = loader.HandOverAsync();
        if (!work.IsCompletedSuccessfully)
        {
            Await(work.AsTask());
        }

        WritePosted();
        _progress?.Update();
        if (loader.IsHalted)
        {
            Finish(loader, isDrained: false);
        }
    }

    /// <summary>Takes one input of the pipeline load: the record that it is is written now, as the input is now.</summary>
    private protected void Take(object? input)
    {
        var loader = PipelineLoad;
        WriteInput(loader.Writer, ++_position, input);
        HandOver(loader);
    }

    /// <summary>Writes the record that an input is, or rejects it.</summary>
    /// <param name="writer">Takes it.</param>
    /// <param name="position">Its position on the pipeline, from 1.</param>
    /// <param name="input">The input.</param>
    private protected virtual void WriteInput(RecordWriter writer, long position, object? input) => throw new NotSupportedException();

    /// <summary>The impact that the cmdlet declares.</summary>
    private protected virtual ConfirmImpact Impact => ConfirmImpact.Medium;

    /// <summary>Whether there is anything to ask or to show about each record. For the cmdlet's thread first.</summary>
    private protected bool AsksForEach => _asksForEach ??= Questions.AreAsked(this, Impact);

    /// <summary>Asks whether a record may be written, as -WhatIf and -Confirm want it.</summary>
    private protected bool Confirm(RecordKey key, string action) =>
        !AsksForEach || ShouldProcess($"Primary key {Encoding.UTF8.GetString(key.Json)} of Data Connection {TargetConnection}", action);

    /// <summary>Ends a load: the result first, then what was rejected, then why it could not be completed.</summary>
    /// <param name="loader">The load.</param>
    /// <param name="isDrained">True at the end of the source.</param>
    private protected void Finish(Loader loader, bool isDrained)
    {
        var report = Await(loader.FinishAsync(isDrained));
        _progress?.Complete();
        _progress = null;
        _running.Remove(loader);
        Await(loader.DisposeAsync().AsTask());
        StopToken.ThrowIfStopped();
        if (WritesResult && (report.Result.Read > 0 || report.Result.Operation == LoadOperation.Upload))
        {
            WriteObject(report.Result);
        }

        foreach (var rejection in report.Rejections)
        {
            WriteError(ErrorRecords.Rejected(rejection, report.Result.Source, report.CountsLines));
        }

        if (report.Failure is not null || IsUnfinished(report.Result))
        {
            ThrowTerminatingError(ErrorRecords.Stopped(report));
        }

        if (report.Result is { Operation: LoadOperation.Upload, Read: 0, PassedOver: 0 })
        {
            WriteWarning($"There was no record in {report.Result.Source}; nothing was sent.");
        }
    }

    /// <summary>Ends the load of the pipeline, if one was started.</summary>
    protected override void EndProcessing()
    {
        if (_pipelineLoad is { } loader)
        {
            Finish(loader, isDrained: true);
        }
    }

    /// <summary>Stops what still runs, and waits for it: when the pipeline breaks off, nothing else is called.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var loader in _running)
            {
                loader.Stop();
            }

            foreach (var loader in _running)
            {
                AwaitSilently(loader.DisposeAsync().AsTask());
            }

            _running.Clear();
            _rejectFile?.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>The objects that an argument stands for when it is a list, for no list is a record; null when it is none.</summary>
    internal static IList? ItemsOf(object? input) => (input is PSObject wrapped ? wrapped.BaseObject : input) switch
    {
        PSCustomObject or byte[] => null,
        // A JSON object of Newtonsoft's is a list besides.
        IList list when TypeTraits.Of(list.GetType()) is { IsDictionary: false, IsEntry: false } => list,
        _ => null,
    };

    private RejectFile OpenRejects()
    {
        try
        {
            return new RejectFile(GetUnresolvedProviderPathFromPSPath(RejectPath), ContinuesRejects);
        }
        catch (SourceException exception)
        {
            ThrowTerminatingError(ErrorRecords.Source(exception, RejectPath));
            throw;
        }
    }

    private bool IsUnfinished(LoadResult result) =>
        !result.Completed && !(result.Operation == LoadOperation.Upload && (result.Read + result.PassedOver == 0 || (KeepsBatchOpen && result.Unknown + result.NotSent == 0)));

    private protected virtual bool KeepsBatchOpen => false;
}
