using System.Runtime.CompilerServices;
using OptimoveDC.Core.Loading.Checkpoints;
using OptimoveDC.Core.Records;

namespace OptimoveDC.Core.Loading;

/// <summary>
/// A contiguous range of the source, written once as the elements of a request body, with its keys beside it.
/// </summary>
internal sealed class Chunk
{
    private const int SmallBytes = 1 << 14;
    private const int FullBodyBytes = 1 << 21;
    private const int FullKeyBytes = 1 << 16;
    private readonly KeyTable _keys = new();
    private readonly ChunkBuffer _keyBytes = new(SmallBytes, FullKeyBytes);
    private ChunkRecord[] _records = new ChunkRecord[64];
    private int[] _live = [];

    /// <summary>Its place in the source, from 0.</summary>
    internal int Number { get; private set; }

    /// <summary>Who reads the body at the moment.</summary>
    internal BodyReaders Readers { get; private set; } = new();

    internal ChunkBuffer Body { get; } = new(SmallBytes, FullBodyBytes);

    /// <summary>True when an earlier run decided every record: nothing is sent.</summary>
    internal bool IsDecided => LiveCount == 0;

    /// <summary>All records of the range, superseded ones included.</summary>
    internal int Count { get; private set; }

    /// <summary>The records that are sent, in the order of the source: no key is twice among them.</summary>
    internal ReadOnlySpan<int> Live => _live.AsSpan(0, LiveCount);

    internal int LiveCount { get; private set; }

    /// <summary>The same, for pieces that outlive a call.</summary>
    internal ReadOnlyMemory<int> LiveRecords => _live.AsMemory(0, LiveCount);

    /// <summary>
    /// All rows of the range, those that never became a record included, for the checkpoint; null when none is kept, or
    /// when it has the range already.
    /// </summary>
    internal Task<SealedRange>? Range { get; set; }

    /// <summary>True when an earlier run decided the outcomes of records that are not live.</summary>
    internal bool HasEarlierOutcomes { get; set; }

    /// <summary>Completes when the outcome of every record is decided.</summary>
    internal TaskCompletionSource Resolved { get; private set; } = NewCompletion();

    internal ref ChunkRecord RecordAt(int record) => ref _records[record];

    internal ReadOnlySpan<byte> KeyOf(int record) => _keyBytes.Slice(_records[record].KeyOffset, _records[record].KeyLength);

    internal ReadOnlySpan<byte> ElementOf(int record) => Body.Slice(_records[record].Offset, _records[record].Length);

    /// <summary>Makes an element written at the end of the body a record of the chunk.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Add(int offset, RecordKey key, long line)
    {
        if (Count == _records.Length)
        {
            Array.Resize(ref _records, Count * 2);
        }

        _records[Count] = new ChunkRecord
        {
            Offset = offset,
            Length = Body.Length - offset,
            KeyOffset = _keyBytes.Length,
            KeyLength = key.Json.Length,
            WaitHash = key.WaitHash,
            Line = line,
        };
        _keyBytes.Append(key.Json);
        Count++;
        var superseded = _keys.Put(this, Count - 1);
        if (superseded >= 0)
        {
            _records[superseded].Outcome = RecordOutcome.Skipped;
        }
    }

    /// <summary>Ends the writing: nothing is added any more.</summary>
    internal void Seal(int number)
    {
        Number = number;
        FindLive();
    }

    /// <summary>Finds the records whose outcome is open: those that are to be sent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void FindLive()
    {
        if (_live.Length < Count)
        {
            _live = new int[_records.Length];
        }

        LiveCount = 0;
        for (var record = 0; record < Count; record++)
        {
            if (_records[record].Outcome == RecordOutcome.Open)
            {
                _live[LiveCount++] = record;
            }
        }
    }

    /// <summary>Whether the two hold a key that may be the same to the service.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal bool SharesKeyWith(Chunk other)
    {
        for (var record = 0; record < Count; record++)
        {
            if (other._keys.Contains(other, _records[record].WaitHash))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Makes the chunk ready for the next range.</summary>
    internal void Reset()
    {
        // A cancelled attempt may still be copying to a dying socket: then its memory must not be written to again.
        if (Readers.Any)
        {
            Body.Abandon();
            Readers = new BodyReaders();
        }
        else
        {
            Body.StepBackTo(0);
        }

        _keyBytes.StepBackTo(0);
        _keys.Clear();
        Count = 0;
        LiveCount = 0;
        HasEarlierOutcomes = false;
        Range = null;
        Resolved = NewCompletion();
    }

    /// <summary>Gives the memory back; the chunk is not used again.</summary>
    internal void Release()
    {
        if (!Readers.Any)
        {
            Body.Release();
        }

        _keyBytes.Release();
    }

    private static TaskCompletionSource NewCompletion() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
