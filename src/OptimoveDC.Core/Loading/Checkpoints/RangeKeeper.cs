using System.Runtime.CompilerServices;
using System.Text;
using OptimoveDC.Core.Records;

namespace OptimoveDC.Core.Loading.Checkpoints;

/// <summary>
/// Notes which rows of the source each chunk covers, so that a later run can hold the source against it; and does so
/// itself, for a source that is read again.
/// </summary>
internal sealed class RangeKeeper(CheckpointLog log, SourceReplay? replay, LoadHalt halt, Ledger ledger)
{
    // So many chunks wait until the whole of what was read before is known to be the same; more would be too much memory.
    private const int MostHeldBack = 64;

    private RecordHash _hash;
    private long _firstLine;
    private long _lastLine;

    /// <summary>Rows of the open range so far.</summary>
    internal int Rows { get; private set; }

    /// <summary>How many rows the open range had in the run before; null once all its ranges are behind.</summary>
    internal int? RowsOfRange => replay?.RowsOfRange;

    /// <summary>Whether sealed chunks are not to be sent yet.</summary>
    internal bool HoldsBack(Queue<Chunk> sealedChunks) =>
        RowsOfRange is not null && !halt.IsHalted && sealedChunks.Count <= MostHeldBack && !sealedChunks.Peek().IsDecided;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void AddRow(long line)
    {
        if (replay?.VerifyMore(line) is { } changed)
        {
            Refuse(changed);
        }

        if (Rows++ == 0)
        {
            _firstLine = line;
        }

        _lastLine = line;
    }

    /// <summary>Adds a row that never became a record. Its place among the others counts too.</summary>
    internal void AddRejected(Rejection rejection, int recordsBefore)
    {
        AddRow(rejection.Line);
        _hash.Append(BitConverter.GetBytes(recordsBefore));
        _hash.Append(Encoding.UTF8.GetBytes(rejection.Record ?? rejection.Reason));
    }

    /// <summary>Ends the open range with its chunk, and compares it with what it was when it was read before.</summary>
    internal void Keep(Chunk chunk)
    {
        var (hash, rows, firstLine, lastLine) = (_hash, Rows, _firstLine, _lastLine);
        _hash = default;
        Rows = 0;
        SealedRange End()
        {
            // The records' bytes are those of the chunk's body.
            hash.Append(chunk.Body.Slice(0, chunk.Body.Length));
            return new SealedRange(rows, firstLine, lastLine, hash.ToString());
        }

        if (RowsOfRange is null)
        {
            // Whoever sends the chunk notes its range first; meanwhile the source is read on.
            chunk.Range = Task.Run(End);
        }
        else if (replay!.Verify(chunk, End()) is { } changed)
        {
            Refuse(changed);
        }
        else
        {
            chunk.FindLive();
            foreach (var rejection in replay.RejectionsOf(chunk))
            {
                ledger.RejectAgain(rejection);
            }
        }
    }

    /// <summary>The source is drained: nothing of what it was may be missing.</summary>
    internal void VerifyEnd()
    {
        if (replay?.VerifyEnd() is { } changed)
        {
            Refuse(changed);
        }
    }

    private void Refuse(CheckpointException changed)
    {
        // The file describes the source as it should be: it stays as it is.
        log.Freeze();
        halt.Halt(changed);
    }
}
