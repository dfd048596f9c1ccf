using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using OptimoveDC.Core.Api;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Records;

namespace OptimoveDC.Core.Sync;

/// <summary>
/// The first reading of a source: every key with the hash of its record, and nothing is sent. Records are written by
/// the same code down to the chunk that an import sends, and hashed there by another thread while the source is read on.
/// </summary>
internal sealed class SourceReading : IRecordAccount, IAsyncDisposable
{
    // Enough for both threads to be busy, few enough to stay small.
    private const int ChunksInFlight = 4;

    private readonly SyncPlan _plan;
    private readonly ChunkPool _pool = new();
    private readonly ChunkAssembler _assembler;
    private readonly RecordWriter _writer;
    private readonly Channel<Chunk> _chunks = Channel.CreateBounded<Chunk>(ChunksInFlight);
    private readonly List<Rejection> _rejections = [];
    private readonly Task _hashing;
    private Exception? _failure;
    private long _read;

    internal SourceReading(SyncPlan plan)
    {
        _plan = plan;
        (_assembler, _writer) = SourceChunks.Assemble(plan.Source, plan.KeyType, this, _pool);
        _hashing = Task.Run(HashAsync);
    }

    internal SourceKeys Keys { get; } = new();

    /// <summary>A hash of each chunk: the second reading must find the same.</summary>
    internal List<UInt128> ChunkHashes { get; } = [];

    internal IReadOnlyList<Rejection> Rejections => _rejections;

    /// <summary>Rows whose key nobody knows: any customer may be meant.</summary>
    internal long Keyless { get; private set; }

    /// <summary>Records replaced by a later one of the same chunk.</summary>
    internal long Superseded { get; private set; }

    /// <summary>Records that could be sent.</summary>
    internal long Records { get; private set; }

    internal long Read => Interlocked.Read(ref _read);

    /// <summary>Reads a source to its end.</summary>
    /// <exception cref="SourceException">It can't be read further.</exception>
    /// <exception cref="ServiceException">Too many records can't be sent.</exception>
    internal async Task ReadAsync(IRecordSource source, CancellationToken cancellationToken)
    {
        while (await source.ReadAsync(_writer, cancellationToken).ConfigureAwait(false))
        {
            if (_failure is not null)
            {
                throw _failure;
            }

            if (_assembler.HasSealed)
            {
                await HandOverAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        _assembler.SealRest(isDrained: true);
        await HandOverAsync(cancellationToken).ConfigureAwait(false);
        _chunks.Writer.TryComplete();
        await _hashing.ConfigureAwait(false);
        foreach (var rejection in _rejections)
        {
            AddRefused(rejection);
        }
    }

    void IRecordAccount.CountRead() => Interlocked.Increment(ref _read);

    void IRecordAccount.Reject(Rejection rejection)
    {
        try
        {
            _plan.RejectFile?.Add(rejection, _plan.Source);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _failure = new Loading.Rejects.RejectFileException(_plan.RejectFile!.Path, exception);
        }

        _rejections.Add(rejection);
        if (_plan.MaxReject.IsExceededBy(_rejections.Count, Read))
        {
            _failure = new ServiceException(
                ErrorCondition.TooManyRejects,
                $"{_rejections.Count} of {Read} records were rejected, and -MaxReject allows {_plan.MaxReject}, so the sync was stopped before anything was sent.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _chunks.Writer.TryComplete();

        // Whoever read has heard of its failure already.
        await _hashing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _writer.Dispose();
        _pool.Dispose();
        Keys.Dispose();
    }

    private async ValueTask HandOverAsync(CancellationToken cancellationToken)
    {
        while (_assembler.TryTakeSealed(out var chunk))
        {
            await _chunks.Writer.WriteAsync(chunk, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task HashAsync()
    {
        try
        {
            await foreach (var chunk in _chunks.Reader.ReadAllAsync().ConfigureAwait(false))
            {
                Hash(chunk);
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

    private void Hash(Chunk chunk)
    {
        foreach (var record in chunk.Live)
        {
            Keys.Add(chunk.RecordAt(record).WaitHash, chunk.KeyOf(record), SourceChunks.HashOf(chunk.ElementOf(record)), Records + record);
        }

        Superseded += chunk.Count - chunk.LiveCount;
        Records += chunk.Count;
        ChunkHashes.Add(SourceChunks.HashOf(chunk.Body.Slice(0, chunk.Body.Length)));
    }

    private void AddRefused(Rejection rejection)
    {
        if (rejection.PrimaryKey is not { } json)
        {
            Keyless++;
            return;
        }

        using var key = JsonDocument.Parse(json);
        var text = key.RootElement.ValueKind == JsonValueKind.String ? key.RootElement.GetString()! : key.RootElement.GetRawText();
        Keys.Add(RecordKey.HashOf(text), Encoding.UTF8.GetBytes(json), UInt128.Zero, SourceKeys.Refused);
    }
}
