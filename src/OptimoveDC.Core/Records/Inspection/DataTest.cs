using System.Diagnostics;
using System.Threading.Channels;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Records.Columns;
using OptimoveDC.Core.Records.Files;

namespace OptimoveDC.Core.Records.Inspection;

/// <summary>
/// Reads a source as an import would, by the same code down to the chunks that would be sent, and sends nothing.
/// Full chunks are looked through by another thread while the source is read on.
/// </summary>
public sealed class DataTest : IAsyncDisposable
{
    // Enough for both to be busy, few enough to stay small.
    private const int ChunksInFlight = 4;

    private readonly DataTestPlan _plan;
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly FindingLog _log;
    private readonly TestAccount _account;
    private readonly ChunkPool _pool = new();
    private readonly ChunkAssembler _assembler;
    private readonly ChunkInspector _inspector;
    private readonly Channel<Chunk> _chunks = Channel.CreateBounded<Chunk>(ChunksInFlight);
    private readonly ColumnProfiles _profiles = new();
    private readonly Task _inspection;
    private string? _failure;

    /// <summary>Starts a test.</summary>
    /// <param name="plan">What an import would be told.</param>
    public DataTest(DataTestPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        _plan = plan;
        _log = new FindingLog(plan.Source, plan.IsDetailed);
        _account = new TestAccount(_log);
        var envelope = new UploadEnvelope(Guid.Empty, timeToLiveSeconds: null);
        _assembler = new ChunkAssembler(
            new LoadPlan { Envelope = envelope, Source = plan.Source, DataConnectionId = Guid.Empty, KeyType = plan.KeyType, BatchSize = plan.BatchSize },
            _account,
            _pool,
            ranges: null);
        Writer = new RecordWriter(envelope, plan.KeyType, _assembler);
        _profiles.Line = () => Writer.Line;
        _inspector = new ChunkInspector(_log);
        _inspection = Task.Run(InspectAsync);
    }

    /// <summary>Takes the records of the source.</summary>
    public RecordWriter Writer { get; }

    /// <summary>A layout by which the test sees the text of columns on its way.</summary>
    public ColumnLayout Watch(ColumnLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return layout with { Profiles = _profiles };
    }

    /// <summary>A layout by which the test sees the text of columns on its way.</summary>
    public FileLayout Watch(FileLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return layout with { Profiles = _profiles };
    }

    /// <summary>Reads on until a request is full, or the source ends.</summary>
    /// <returns>False at the end of the source, or where it can't be read further.</returns>
    public async Task<bool> ReadOnAsync(IRecordSource source, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        try
        {
            bool HasToPause() => _assembler.HasSealed || _account.HasMany;
            while (BufferedReading.ReadOn(source, Writer, HasToPause, out var reading, cancellationToken) || await reading.ConfigureAwait(false))
            {
                if (HasToPause())
                {
                    await HandOverAsync(cancellationToken).ConfigureAwait(false);
                    return true;
                }
            }

            AddRemarks(source.Remarks);
        }
        catch (SourceException exception)
        {
            Fail(exception);
        }

        return false;
    }

    /// <summary>Gives full chunks to the other thread. Call it after each record that is written without a source.</summary>
    public async ValueTask HandOverAsync(CancellationToken cancellationToken)
    {
        _account.Rest();
        while (_assembler.TryTakeSealed(out var chunk))
        {
            await _chunks.Writer.WriteAsync(chunk, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>True when <see cref="HandOverAsync"/> has something to do.</summary>
    public bool HasSealed => _assembler.HasSealed;

    /// <summary>Notes what should be known of a source that was read to its end.</summary>
    public void AddRemarks(IEnumerable<string> remarks)
    {
        ArgumentNullException.ThrowIfNull(remarks);
        foreach (var remark in remarks)
        {
            _log.Add(DataFindingKind.UnknownColumn, line: null, remark);
        }
    }

    /// <summary>Notes that the source can't be read, or not further.</summary>
    public void Fail(SourceException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        _failure = exception.Message;
        _log.Add(DataFindingKind.UnreadableSource, exception.Line, exception.Message);
    }

    /// <summary>Ends the reading; the keys are still to be looked through.</summary>
    public async Task EndReadingAsync(CancellationToken cancellationToken)
    {
        _assembler.SealRest(isDrained: true);
        await HandOverAsync(cancellationToken).ConfigureAwait(false);
        _chunks.Writer.TryComplete();
        await _inspection.ConfigureAwait(false);
        foreach (var profile in _profiles.All)
        {
            ColumnFindings.Report(profile, _log);
        }
    }

    /// <summary>Looks through the next part of all keys for those that come twice.</summary>
    /// <returns>False when all have been looked through.</returns>
    public bool LookThroughKeys() => _inspector.Keys.LookThroughNext();

    /// <summary>Hands out what was found since the last call, where all findings are wanted.</summary>
    public IReadOnlyList<DataFinding> TakeFindings() => _log.Take();

    /// <summary>What was found out so far.</summary>
    public DataTestResult Summarize()
    {
        var rejected = _account.Rejected;
        return new DataTestResult
        {
            Source = _plan.Source,
            Failure = _failure,
            Read = _account.Read,
            Rejected = rejected,
            Superseded = _inspector.Superseded,
            WouldSend = _account.Read - rejected - _inspector.Superseded,
            MissingKeys = _log.Count(DataFindingKind.MissingKey),
            BlankKeys = _log.Count(DataFindingKind.BlankKey),
            RaggedRows = _log.Count(DataFindingKind.RaggedRow),
            DistinctKeys = _inspector.Keys.Distinct,
            Duplicates = _log.Count(DataFindingKind.DuplicateKey),
            NearDuplicates = _log.Count(DataFindingKind.NearDuplicateKey),
            Warnings = _log.CountWhere(kind => kind > DataFindingKind.UnreadableSource),
            Summary = _log.Summarize(),
            Requests = _inspector.Requests,
            Bytes = _inspector.Bytes,
            RequestsPerSecond = _plan.RequestsPerSecond,
            MinimumDuration = _plan.LeastDuration(_inspector.Requests),
            Duration = Stopwatch.GetElapsedTime(_started),
        };
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _chunks.Writer.TryComplete();
        try
        {
            await _inspection.ConfigureAwait(false);
        }
        finally
        {
            Writer.Dispose();
            _inspector.Keys.Dispose();
            _pool.Dispose();
        }
    }

    private async Task InspectAsync()
    {
        try
        {
            await foreach (var chunk in _chunks.Reader.ReadAllAsync().ConfigureAwait(false))
            {
                _inspector.Inspect(chunk);
                _pool.Return(chunk);
            }
        }
        catch (Exception exception)
        {
            // Whoever reads the source must not wait for room that nobody makes any more.
            _chunks.Writer.TryComplete(exception);
            throw;
        }
    }
}
