namespace OptimoveDC.Core.Loading;

/// <summary>Where a record lies in its chunk, and what became of it.</summary>
internal struct ChunkRecord
{
    internal int Offset;
    internal int Length;
    internal int KeyOffset;
    internal int KeyLength;
    internal ulong WaitHash;
    internal long Line;
    internal RecordOutcome Outcome;

    internal readonly int End => Offset + Length;
}
