namespace OptimoveDC.Core.Loading;

/// <summary>A run of a chunk's live records: what one request carries.</summary>
/// <param name="Chunk">The chunk.</param>
/// <param name="Start">The first, as an index of <see cref="Chunk.Live"/>.</param>
/// <param name="Count">How many; at least one.</param>
internal readonly record struct Piece(Chunk Chunk, int Start, int Count)
{
    internal static Piece Whole(Chunk chunk) => new(chunk, 0, chunk.LiveCount);

    internal ReadOnlySpan<int> Records => Chunk.Live.Slice(Start, Count);

    internal Piece FirstHalf => new(Chunk, Start, Count / 2);

    internal Piece SecondHalf => new(Chunk, Start + (Count / 2), Count - (Count / 2));

    internal void Mark(RecordOutcome outcome)
    {
        foreach (var record in Records)
        {
            Chunk.RecordAt(record).Outcome = outcome;
        }
    }
}
