using System.Diagnostics;
using OptimoveDC.Core.Api;
using OptimoveDC.Core.Http;
using OptimoveDC.Core.Http.Rate;
using OptimoveDC.Core.Loading.Checkpoints;
using OptimoveDC.Core.Loading.Shards;
using OptimoveDC.Core.Observability;
using OptimoveDC.Core.Records;

namespace OptimoveDC.Core.Loading;

/// <summary>
/// One load from its first record to its account. Records are written through <see cref="Writer"/> by one thread
/// at a time; everything behind it runs by itself.
/// </summary>
public sealed class Loader : IAsyncDisposable
{
    private readonly DataConnectionsClient _client;
    private readonly LoadPlan _plan;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly LoadHalt _halt = new();
    private readonly Ledger _ledger;
    private readonly ChunkPool _pool = new();
    private readonly RequestMeter _meter;
    private readonly ChunkAssembler _assembler;
    private readonly Dispatcher _dispatcher;
    private readonly ChunkSender _sender;
    private readonly CheckpointLog? _log;
    private readonly SourceShare? _share;
    private readonly CancellationTokenSource _stop;
    private readonly Task<bool> _run;
    private readonly Activity? _activity;
    private LoadReport? _report;

    private Loader(DataConnectionsClient client, LoadPlan plan, LoadObserver observer, CancellationToken cancellationToken)
    {
        _client = client;
        _plan = plan;
        _time = client.TimeProvider;
        _started = _time.GetTimestamp();
        _log = plan.Checkpoint is { } checkpoint ? new CheckpointLog(checkpoint, _time, _halt, observer.Warning) : null;
        var replay = plan.Checkpoint?.Earlier is { } earlier ? new SourceReplay(earlier) : null;
        _ledger = new Ledger(plan.MaxReject, _halt, new RejectKeeper(plan, _halt, _log).Keep, plan.Envelope.Operation);
        _meter = new RequestMeter { AttemptEnded = observer.AttemptEnded, Throttling = observer.Throttling };
        _share = plan.Shard is { } shard ? new SourceShare(shard, CompletesBatch(plan) ? new SourceTail() : null) : null;
        _assembler = new ChunkAssembler(plan, _ledger, _pool, _log is null ? null : new RangeKeeper(_log, replay, _halt, _ledger), _share);
        Writer = new RecordWriter(plan.Envelope, plan.KeyType, _assembler, observer.FirstRecord);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _sender = new ChunkSender(client, plan, _ledger, _halt, _meter, observer);
        _dispatcher = new Dispatcher(plan, _ledger, _halt, _sender, _pool, _log, replay, _share?.Tail);
        _activity = ObservedLoad.Start(plan, () => _dispatcher.RunAsync(_stop.Token), out _run);
    }

    /// <summary>Takes the records of the source.</summary>
    public RecordWriter Writer { get; }

    /// <summary>True when the load has stopped by itself: no further record will be sent.</summary>
    public bool IsHalted => _halt.IsHalted;

    /// <summary>How far the load is. Any thread may ask.</summary>
    public LoadProgress Progress => new(
        _ledger.Read,
        _ledger.Sent + _ledger.Rejected + _ledger.Skipped + _ledger.Unknown + _ledger.NotSent,
        _ledger.Sent,
        _meter.Requests,
        _time.GetElapsedTime(_started));

    /// <summary>The limit that the service is known to hold requests to; null when none is known.</summary>
    public RequestLimit? CurrentLimit => _client.CurrentLimit;

    /// <summary>Starts a load. No request goes out before a chunk is full or the source is drained.</summary>
    /// <param name="client">The service.</param>
    /// <param name="plan">What to do.</param>
    /// <param name="observer">Who wants to hear of it.</param>
    /// <param name="cancellationToken">Stops the load, down to the socket.</param>
    public static Loader Start(DataConnectionsClient client, LoadPlan plan, LoadObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(observer);
        return new Loader(client, plan, observer, cancellationToken);
    }

    /// <summary>Reads a source to its end and loads it.</summary>
    /// <param name="source">The source; the caller disposes it.</param>
    /// <returns>The account; a source that breaks off is its failure.</returns>
    public async Task<LoadReport> LoadAsync(IRecordSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var isDrained = false;
        try
        {
            bool HasToPause() => _assembler.HasSealed || _halt.IsHalted;
            while (!_halt.IsHalted
                && (BufferedReading.ReadOn(source, Writer, HasToPause, out var reading, _stop.Token) || await reading.ConfigureAwait(false)))
            {
                await HandOverAsync().ConfigureAwait(false);
            }

            isDrained = !_halt.IsHalted;
        }
        catch (SourceException exception)
        {
            _halt.Halt(exception);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Accounted for below, like any other end.
        }

        return await FinishAsync(isDrained).ConfigureAwait(false);
    }

    /// <summary>Gives full chunks to the network; waits while too many are under way. Call it after each record.</summary>
    public ValueTask HandOverAsync() => _assembler.HasSealed ? HandOverSealedAsync() : ValueTask.CompletedTask;

    /// <summary>Ends the load. Every record is accounted for afterwards.</summary>
    /// <param name="isDrained">True at the end of the source; false when it breaks off.</param>
    public async Task<LoadReport> FinishAsync(bool isDrained)
    {
        if (_report is not null)
        {
            return _report;
        }

        _assembler.SealRest(isDrained && !_stop.IsCancellationRequested);
        await HandOverSealedAsync().ConfigureAwait(false);
        _dispatcher.Complete();
        var completed = await _run.ConfigureAwait(false);
        _ledger.Verify();
        EndCheckpoint();
        var result = Summarize(completed);
        if (_activity is not null)
        {
            ObservedLoad.End(_activity, result, _halt.Reason);
        }

        _report = new LoadReport(result, _ledger.Rejections, _halt.Reason)
        {
            CountsLines = _plan.CountsLines,
            ResumeCommand = result.CheckpointPath is null ? null : _plan.Checkpoint!.Header.ResumeCommand,
        };
        return _report;
    }

    /// <summary>Cancels what is under way. <see cref="FinishAsync"/> still gives the account.</summary>
    public void Stop() => _stop.Cancel();

    /// <summary>Stops the load if it still runs, and waits until nothing of it does.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_report is null)
        {
            Stop();
            await FinishAsync(isDrained: false).ConfigureAwait(false);
        }

        Writer.Dispose();
        _dispatcher.Dispose();
        _sender.Dispose();
        _log?.Dispose();
        _pool.Dispose();
        _stop.Dispose();
    }

    private static bool CompletesBatch(LoadPlan plan) => plan.Envelope.Operation == LoadOperation.Upload && !plan.KeepBatchOpen;

    private async ValueTask HandOverSealedAsync()
    {
        while (_assembler.TryTakeSealed(out var chunk))
        {
            if (chunk.IsDecided)
            {
                _dispatcher.Settle(chunk);
            }
            else
            {
                await _dispatcher.SubmitAsync(chunk, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    // What is whole needs no checkpoint any more; neither does a batch in which nothing was accepted.
    private void EndCheckpoint()
    {
        if (_ledger.Unknown == 0 && _ledger.NotSent == 0 && !_halt.IsHalted && !_stop.IsCancellationRequested)
        {
            _log?.Delete();
        }
    }

    private LoadResult Summarize(bool completed)
    {
        var isBatch = _plan.Envelope.Operation == LoadOperation.Upload;
        return new LoadResult
        {
            Operation = _plan.Envelope.Operation,
            Source = _plan.Source,
            DataConnectionId = _plan.DataConnectionId,
            BatchId = _plan.BatchId,
            Completed = isBatch ? completed : _ledger.Unknown == 0 && _ledger.NotSent == 0,
            ShardIndex = _plan.Shard?.Index,
            ShardCount = _plan.Shard?.Count,
            PassedOver = _share?.PassedOver ?? 0,
            Read = _ledger.Read,
            Sent = _ledger.Sent,
            Rejected = _ledger.Rejected,
            Skipped = _ledger.Skipped,
            Unknown = _ledger.Unknown,
            NotSent = _ledger.NotSent,
            Requests = _meter.Requests,
            Retries = _meter.Retries,
            Throttled = _meter.Throttled,
            Waited = _meter.Waited,
            Bytes = _meter.Bytes,
            Duration = _time.GetElapsedTime(_started),
            CheckpointPath = _log is { Exists: true } ? _plan.Checkpoint!.Path : null,
            RejectPath = _plan.RejectFile?.Path,
        };
    }
}
