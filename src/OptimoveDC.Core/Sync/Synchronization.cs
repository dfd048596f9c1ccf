using Microsoft.Data.Sqlite;
using OptimoveDC.Core.Api;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Records;

namespace OptimoveDC.Core.Sync;

/// <summary>
/// One sync: <see cref="CompareAsync"/> reads the source and finds out what is to be done, then either
/// <see cref="SendAsync"/> does it or <see cref="Refrain"/> leaves everything as it was.
/// </summary>
public sealed class Synchronization : IAsyncDisposable
{
    private readonly DataConnectionsClient _client;
    private readonly SyncPlan _plan;
    private readonly LoadObserver _observer;
    private readonly SyncState _state;
    private readonly SyncAccount _account;
    private SourceReading? _reading;
    private SourceComparison? _comparison;
    private StateRecords? _records;
    private bool _isInTransaction;

    private Synchronization(DataConnectionsClient client, SyncPlan plan, LoadObserver observer, SyncState state)
    {
        _client = client;
        _plan = plan;
        _observer = observer;
        _state = state;
        _account = new SyncAccount(plan, client.TimeProvider);
    }

    /// <summary>Records that are to be sent, and keys that are to be deleted.</summary>
    public (long ToSend, long ToDelete) Intent => (_account.Counts.ToSend, _account.Counts.ToDelete);

    /// <summary>Records read so far. Any thread may ask.</summary>
    public long Read => _reading?.Read ?? 0;

    /// <summary>The load that is under way; null while there is none.</summary>
    public Loader? CurrentLoad { get; private set; }

    /// <summary>Opens the state of a sync.</summary>
    /// <param name="client">The service.</param>
    /// <param name="plan">What to do.</param>
    /// <param name="observer">Who wants to hear of it.</param>
    /// <param name="isTrial">True when nothing will be done, so that no state is to be made.</param>
    /// <exception cref="SyncException">The state can't be used.</exception>
    public static Synchronization Open(DataConnectionsClient client, SyncPlan plan, LoadObserver observer, bool isTrial = false)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(observer);
        return new Synchronization(client, plan, observer, SyncState.Open(plan.StatePath, isTrial));
    }

    /// <summary>Reads the source to its end and compares it with the state. No request is made, and nothing is kept yet.</summary>
    /// <param name="source">The source; the caller disposes it.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>Null, or the reason why nothing may be sent.</returns>
    /// <exception cref="SyncException">The state is of another sync, or can't be used.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<Exception?> CompareAsync(IRecordSource source, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        _reading = new SourceReading(_plan);
        _account.Reading = _reading;
        var run = Begin();
        try
        {
            await _reading.ReadAsync(source, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SourceException or ServiceException or Loading.Rejects.RejectFileException)
        {
            return exception;
        }

        try
        {
            // Nobody else uses the state yet, so there is no gate to hold.
            _records = new StateRecords(_state, run);
            var now = _client.TimeProvider.GetUtcNow().ToUnixTimeSeconds();
            var deletes = _plan.DeleteMissing && _plan.IncompleteBecause is null && _reading.Keyless == 0;
            _comparison = new SourceComparison(_plan, _records, _reading.Keys, _reading.Records, now, deletes);
            _account.Counts = _comparison.Counts;
            await _comparison.RunAsync(cancellationToken).ConfigureAwait(false);
            _account.IsCompared = true;
        }
        catch (SqliteException exception)
        {
            throw SyncState.Explain(_state.Path, exception);
        }

        return FindObjection(_comparison.Counts);
    }

    /// <summary>Sends what is to be sent, and then deletes what is to be deleted.</summary>
    /// <param name="reopen">Opens the source again; disposed here.</param>
    /// <param name="cancellationToken">Stops the sync, down to the socket.</param>
    /// <returns>The account; a failure is in it.</returns>
    public async Task<SyncReport> SendAsync(Func<CancellationToken, Task<IRecordSource>> reopen, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reopen);
        Exception? failure;
        try
        {
            // The marks are on the disk before the first request goes.
            Commit();
            failure = await UploadAsync(reopen, cancellationToken).ConfigureAwait(false);
            if (failure is null && _account.AreUploadsDone && _account.Counts.ToDelete > 0 && !cancellationToken.IsCancellationRequested)
            {
                failure = await DeleteAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (SqliteException exception)
        {
            failure = SyncState.Explain(_state.Path, exception);
        }
        catch (Exception exception) when (exception is SourceException or SyncException)
        {
            failure = exception;
        }

        return _account.Summarize(failure);
    }

    /// <summary>Leaves the state and the service as they were.</summary>
    /// <param name="objection">Why nothing may be sent; null when nobody wanted it sent.</param>
    /// <returns>The account of what would have been done.</returns>
    public SyncReport Refrain(Exception? objection = null)
    {
        Rollback();
        return _account.Summarize(objection);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (CurrentLoad is { } load)
        {
            await load.DisposeAsync().ConfigureAwait(false);
        }

        if (_reading is not null)
        {
            await _reading.DisposeAsync().ConfigureAwait(false);
        }

        Rollback();
        _records?.Dispose();
        _state.Dispose();
    }

    private long Begin()
    {
        try
        {
            _state.Execute("BEGIN IMMEDIATE");
            _isInTransaction = true;
            return StateDescription.Claim(_state, _plan);
        }
        catch (SqliteException exception)
        {
            throw SyncState.Explain(_state.Path, exception);
        }
    }

    private void Commit()
    {
        _state.Execute("COMMIT");
        _isInTransaction = false;
    }

    private void Rollback()
    {
        if (_isInTransaction)
        {
            _isInTransaction = false;
            _state.Execute("ROLLBACK");
        }
    }

    private SyncException? FindObjection(SyncCounts counts)
    {
        var percent = counts.ToDelete * 100.0 / Math.Max(1, counts.Known - counts.Expired);
        return counts.ToDelete > 0 && percent > _plan.MaxDeletePercent
            ? new SyncException(
                SyncFault.TooManyDeletes,
                FormattableString.Invariant(
                    $"{_plan.Source} lacks {counts.ToDelete} of the {counts.Known - counts.Expired} keys that were sent before, and -MaxDeletePercent allows {_plan.MaxDeletePercent} %, so nothing was sent and nothing deleted: the source may be empty or cut off."))
            : null;
    }

    private async Task<Exception?> UploadAsync(Func<CancellationToken, Task<IRecordSource>> reopen, CancellationToken cancellationToken)
    {
        if (_account.Counts.ToSend == 0)
        {
            return null;
        }

        var batch = Guid.NewGuid();
        var began = _client.TimeProvider.GetUtcNow().ToUnixTimeSeconds();
        var refused = new RefusedKeys();
        var plan = new LoadPlan
        {
            Envelope = new UploadEnvelope(batch, _plan.TimeToLiveSeconds),
            Source = _plan.Source,
            DataConnectionId = _plan.DataConnectionId,
            BatchId = batch,
            KeyType = _plan.KeyType,
            BatchSize = _plan.BatchSize,
            ThrottleLimit = _plan.ThrottleLimit,
            MaxReject = _plan.MaxReject,
            MaxThrottleWait = _plan.MaxThrottleWait,
            RejectFile = _plan.RejectFile,
            ChunkResolved = refused.Take,
        };
        var source = await reopen(cancellationToken).ConfigureAwait(false);
        var selected = new SelectedRecords(_plan, source, _reading!.ChunkHashes, _comparison!.Selection, _account.Counts.ToSend);
        await using (selected.ConfigureAwait(false))
        {
            var report = await LoadAsync(plan, selected, cancellationToken).ConfigureAwait(false);
            _account.Upload = report;
            if (_account.AreUploadsDone)
            {
                // A second more, for the fractions that were cut off.
                var ended = _client.TimeProvider.GetUtcNow().ToUnixTimeSeconds() + 1;
                _records!.CompleteUploads(refused.Keys, began + _plan.TimeToLiveSeconds, ended + _plan.TimeToLiveSeconds);
            }

            return report.Failure;
        }
    }

    private async Task<Exception?> DeleteAsync(CancellationToken cancellationToken)
    {
        _records!.MarkDeletes();
        SqliteException? lost = null;
        var plan = new LoadPlan
        {
            Envelope = new DeleteEnvelope(),
            Source = MissingKeys.SourceName,
            DataConnectionId = _plan.DataConnectionId,
            KeyType = _plan.KeyType,
            BatchSize = _plan.DeleteBatchSize,
            ThrottleLimit = _plan.ThrottleLimit,
            MaxReject = _plan.MaxReject,
            MaxThrottleWait = _plan.MaxThrottleWait,
            RejectFile = _plan.RejectFile,
            ChunkResolved = chunk =>
            {
                try
                {
                    _account.TakeGoneBefore(_records.CompleteDeletes(chunk));
                }
                catch (SqliteException exception)
                {
                    lost = exception;
                }
            },
        };
        var missing = new MissingKeys(_records);
        await using (missing.ConfigureAwait(false))
        {
            var report = await LoadAsync(plan, missing, cancellationToken).ConfigureAwait(false);
            _account.Delete = report;
            return lost is null ? report.Failure : SyncState.Explain(_state.Path, lost);
        }
    }

    private async Task<LoadReport> LoadAsync(LoadPlan plan, IRecordSource source, CancellationToken cancellationToken)
    {
        var loader = Loader.Start(_client, plan, _observer, cancellationToken);
        CurrentLoad = loader;
        try
        {
            return await loader.LoadAsync(source).ConfigureAwait(false);
        }
        finally
        {
            CurrentLoad = null;
            await loader.DisposeAsync().ConfigureAwait(false);
        }
    }
}
