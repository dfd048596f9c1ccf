using System.Collections;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Records;

namespace OptimoveDC.Core.Sync;

/// <summary>
/// The second reading of a source: the records that are to be sent, in the order of the source. Each chunk is held
/// against what it was in the first reading before any of its records is handed on.
/// </summary>
internal sealed class SelectedRecords : IRecordSource, IRecordAccount
{
    private readonly IRecordSource _source;
    private readonly IReadOnlyList<UInt128> _hashes;
    private readonly BitArray _selection;
    private readonly ChunkPool _pool = new();
    private readonly ChunkAssembler _assembler;
    private readonly RecordWriter _writer;
    private long _left;
    private int _chunks;
    private int _firstPlace;
    private Chunk? _chunk;
    private int _next;

    /// <summary>Reads a source again.</summary>
    /// <param name="plan">The sync.</param>
    /// <param name="source">The source, opened anew; disposed with this.</param>
    /// <param name="hashes">The hashes of its chunks in the first reading.</param>
    /// <param name="selection">The places of the records to send.</param>
    /// <param name="count">How many they are.</param>
    internal SelectedRecords(SyncPlan plan, IRecordSource source, IReadOnlyList<UInt128> hashes, BitArray selection, long count)
    {
        _source = source;
        _hashes = hashes;
        _selection = selection;
        _left = count;
        (_assembler, _writer) = SourceChunks.Assemble(plan.Source, plan.KeyType, this, _pool);
    }

    public string Name => _source.Name;

    public long? TotalBytes => _source.TotalBytes;

    public long BytesRead => _source.BytesRead;

    public IReadOnlyList<string> FieldNames => _source.FieldNames;

    public async ValueTask<bool> ReadAsync(RecordWriter writer, CancellationToken cancellationToken)
    {
        while (_left > 0)
        {
            if (_chunk is not null && FindNext() is { } record)
            {
                Hand(writer, _chunk, record);
                _left--;
                return true;
            }

            await ReadChunkAsync(cancellationToken).ConfigureAwait(false);
        }

        return false;
    }

    public async ValueTask DisposeAsync()
    {
        _writer.Dispose();
        _pool.Dispose();
        await _source.DisposeAsync().ConfigureAwait(false);
    }

    // What is counted and refused was so in the first reading.
    void IRecordAccount.CountRead()
    {
    }

    void IRecordAccount.Reject(Rejection rejection)
    {
    }

    private static void Hand(RecordWriter writer, Chunk chunk, int record)
    {
        ref var at = ref chunk.RecordAt(record);
        writer.Begin(at.Line);
        writer.Key.Copy(chunk.KeyOf(record), at.WaitHash);
        writer.WriteData(chunk.ElementOf(record));
        writer.Commit();
    }

    private int? FindNext()
    {
        while (_next < _chunk!.Count)
        {
            if (_selection[_firstPlace + _next++])
            {
                return _next - 1;
            }
        }

        return null;
    }

    private async ValueTask ReadChunkAsync(CancellationToken cancellationToken)
    {
        if (_chunk is not null)
        {
            _firstPlace += _chunk.Count;
            _pool.Return(_chunk);
            _chunk = null;
        }

        while (!_assembler.HasSealed && await _source.ReadAsync(_writer, cancellationToken).ConfigureAwait(false))
        {
        }

        if (!_assembler.HasSealed)
        {
            _assembler.SealRest(isDrained: true);
        }

        if (!_assembler.TryTakeSealed(out var chunk) || _chunks >= _hashes.Count || SourceChunks.HashOf(chunk.Body.Slice(0, chunk.Body.Length)) != _hashes[_chunks])
        {
            throw new SyncException(
                SyncFault.SourceChanged,
                $"{Name} changed while it was being read. What was sent of it lies in a batch that is not completed; run the sync again once nobody changes it.");
        }

        _chunks++;
        _chunk = chunk;
        _next = 0;
    }
}
