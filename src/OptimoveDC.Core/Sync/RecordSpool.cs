using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using OptimoveDC.Core.IO;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Records;

namespace OptimoveDC.Core.Sync;

/// <summary>
/// Keeps a source that can be read only once, so that a sync can read it twice: its records as they are sent, and what was
/// refused with the reasons, in a temporary file that only the user can read. The file has no name on Unix, and is deleted
/// on close on Windows. Memory: the chunk being filled and one block of the file, whatever the number of records.
/// </summary>
public sealed class RecordSpool : IRecordAccount, IAsyncDisposable
{
    // Where nothing but rejects comes, they are written without waiting for a chunk to fill.
    private const int MostRejectsHeld = 1000;

    private readonly string _name;
    private readonly ChunkPool _pool = new();
    private readonly ChunkAssembler _assembler;
    private readonly Queue<Rejection> _rejects = new();
    private readonly SpoolBlock _block = new();
    private readonly byte[] _length = new byte[sizeof(int)];
    private FileStream? _file;
    private long _end;
    private long _read;
    private long _rejected;

    /// <summary>Prepares a spool; the file is made with the first block.</summary>
    /// <param name="name">The name of the source, for messages.</param>
    /// <param name="keyType">How primary keys are written.</param>
    public RecordSpool(string name, KeyType keyType)
    {
        _name = name;
        (_assembler, Writer) = SourceChunks.Assemble(name, keyType, this, _pool);
    }

    /// <summary>Takes the records of the source, in their order. Call <see cref="HandOverAsync"/> after each.</summary>
    public RecordWriter Writer { get; }

    /// <summary>Records so far, the refused ones included. Any thread may ask.</summary>
    public long Read => Interlocked.Read(ref _read);

    /// <summary>Refused ones among them.</summary>
    public long Rejected => Interlocked.Read(ref _rejected);

    /// <summary>Writes full chunks to the file.</summary>
    /// <exception cref="SourceException">The file can't be written.</exception>
    public ValueTask HandOverAsync(CancellationToken cancellationToken)
    {
        if (_rejects.Count >= MostRejectsHeld)
        {
            return CompleteAsync(cancellationToken);
        }

        return _assembler.HasSealed ? KeepSealedAsync(cancellationToken) : ValueTask.CompletedTask;
    }

    /// <summary>Reads a source to its end.</summary>
    /// <param name="source">The source; the caller disposes it.</param>
    /// <param name="isEnough">Asked after each record: whether the rest is not wanted any more.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="SourceException">The source can't be read further, or the file can't be written.</exception>
    public async Task FillAsync(IRecordSource source, Func<bool> isEnough, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(isEnough);
        while (!isEnough() && await source.ReadAsync(Writer, cancellationToken).ConfigureAwait(false))
        {
            await HandOverAsync(cancellationToken).ConfigureAwait(false);
        }

        await CompleteAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes all that was taken so far to the file.</summary>
    /// <exception cref="SourceException">The file can't be written.</exception>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        _assembler.SealRest(isDrained: false);
        await KeepSealedAsync(cancellationToken).ConfigureAwait(false);
        if (_rejects.Count > 0)
        {
            await WriteAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reads what was kept, from the beginning. Any number of times, but not while it is being filled.</summary>
    /// <param name="fieldNames">The fields that its records have.</param>
    /// <param name="remarks">What the user should know of the source.</param>
    public IRecordSource Open(IReadOnlyList<string> fieldNames, IReadOnlyList<string> remarks) =>
        new SpooledSource(_name, _file?.SafeFileHandle, _end, fieldNames, remarks);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Writer.Dispose();
        _pool.Dispose();
        if (_file is not null)
        {
            await _file.DisposeAsync().ConfigureAwait(false);
        }
    }

    void IRecordAccount.CountRead() => Interlocked.Increment(ref _read);

    void IRecordAccount.Reject(Rejection rejection)
    {
        Interlocked.Increment(ref _rejected);
        _rejects.Enqueue(rejection);
    }

    private async ValueTask KeepSealedAsync(CancellationToken cancellationToken)
    {
        while (_assembler.TryTakeSealed(out var chunk))
        {
            // Superseded records too: the sync finds out for itself which is the last of a key.
            for (var record = 0; record < chunk.Count; record++)
            {
                AddRejects(before: chunk.RecordAt(record).Line);
                _block.Add(chunk, record);
            }

            _pool.Return(chunk);
            await WriteAsync(cancellationToken, isLast: false).ConfigureAwait(false);
        }
    }

    private async ValueTask WriteAsync(CancellationToken cancellationToken, bool isLast = true)
    {
        if (isLast)
        {
            AddRejects(before: long.MaxValue);
        }

        try
        {
            _file ??= NamelessFile.Create("records");
            BinaryPrimitives.WriteInt32LittleEndian(_length, _block.Bytes.Length);
            await RandomAccess.WriteAsync(_file.SafeFileHandle, [_length, _block.Bytes], _end, cancellationToken).ConfigureAwait(false);
            _end += _length.Length + _block.Bytes.Length;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            // The last is what the framework makes of a file that reaches a limit of the system or of a quota.
            throw new SourceException(
                _name,
                null,
                $"its records could not be kept in a temporary file in {Path.GetTempPath()} for the second reading: {exception.Message.TrimEnd('.')}",
                exception);
        }

        _block.Clear();
    }

    private void AddRejects(long before)
    {
        while (_rejects.TryPeek(out var rejection) && rejection.Line < before)
        {
            _block.Add(_rejects.Dequeue());
        }
    }

    /// <summary>One reading of what was kept.</summary>
    private sealed class SpooledSource(string name, SafeFileHandle? file, long end, IReadOnlyList<string> fieldNames, IReadOnlyList<string> remarks) : IRecordSource
    {
        private readonly SpoolBlock _block = new();
        private readonly byte[] _length = new byte[sizeof(int)];
        private long _at;

        public string Name => name;

        public long? TotalBytes => end;

        public long BytesRead => _at;

        public IReadOnlyList<string> FieldNames => fieldNames;

        public IReadOnlyList<string> Remarks => remarks;

        public ValueTask<bool> ReadAsync(RecordWriter writer, CancellationToken cancellationToken)
        {
            if (!_block.HasMore)
            {
                return _at < end ? ReadBlockAsync(writer, cancellationToken) : ValueTask.FromResult(false);
            }

            _block.Replay(writer);
            return ValueTask.FromResult(true);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private async ValueTask<bool> ReadBlockAsync(RecordWriter writer, CancellationToken cancellationToken)
        {
            await ReadExactlyAsync(_length, cancellationToken).ConfigureAwait(false);
            await ReadExactlyAsync(_block.Reserve(BinaryPrimitives.ReadInt32LittleEndian(_length)), cancellationToken).ConfigureAwait(false);
            _block.Replay(writer);
            return true;
        }

        private async ValueTask ReadExactlyAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            while (!buffer.IsEmpty)
            {
                var read = 0;
                try
                {
                    read = await RandomAccess.ReadAsync(file!, buffer, _at, cancellationToken).ConfigureAwait(false);
                }
                catch (IOException exception)
                {
                    throw new SourceException(name, null, $"the temporary file with its records can't be read: {exception.Message.TrimEnd('.')}", exception);
                }

                if (read == 0)
                {
                    throw new SourceException(name, null, "the temporary file with its records was cut");
                }

                _at += read;
                buffer = buffer[read..];
            }
        }
    }
}
