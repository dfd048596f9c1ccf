using System.Runtime.CompilerServices;
using OptimoveDC.Core.Api;

namespace OptimoveDC.Core.Loading.Isolation;

/// <summary>Some of a chunk's live records, in their order: what one request carries.</summary>
/// <param name="Chunk">The chunk.</param>
/// <param name="Members">Their numbers in the chunk; at least one.</param>
internal readonly record struct Piece(Chunk Chunk, ReadOnlyMemory<int> Members)
{
    /// <summary>An answer named these: if it names them again, asked about alone, they are what it refused.</summary>
    internal bool IsNamed { get; init; }

    /// <summary>How often the very same piece was asked about before.</summary>
    internal int AskedBefore { get; init; }

    /// <summary>Half of a refused piece; the other half lies right below it.</summary>
    internal bool IsFirstHalf { get; init; }

    internal int Count => Members.Length;

    internal ReadOnlySpan<int> Records => Members.Span;

    internal static Piece Whole(Chunk chunk) => new(chunk, chunk.LiveRecords);

    internal Piece FirstHalf => new(Chunk, Members[..(Count / 2)]) { IsFirstHalf = true };

    internal Piece SecondHalf => new(Chunk, Members[(Count / 2)..]);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Mark(RecordOutcome outcome)
    {
        foreach (var record in Records)
        {
            Chunk.RecordAt(record).Outcome = outcome;
        }
    }

    /// <summary>
    /// Parts the records that an answer names from the others. A name means the key of its very spelling; in another
    /// spelling it means a key only where no second one may be meant, since one of them would be blamed for the other.
    /// </summary>
    internal (Piece Chosen, Piece Others) PartNamed(NamedRecords named)
    {
        var piece = this;
        var alike = new Dictionary<ulong, int>();
        foreach (var record in Records)
        {
            var hash = Chunk.RecordAt(record).WaitHash;
            if (named.ContainsLike(hash))
            {
                alike[hash] = alike.GetValueOrDefault(hash) + 1;
            }
        }

        return Part(at =>
        {
            var record = piece.Members.Span[at];
            return named.Contains(at, piece.Chunk.KeyOf(record)) || alike.GetValueOrDefault(piece.Chunk.RecordAt(record).WaitHash) == 1;
        });
    }

    /// <summary>Parts the records in two; a part may be empty.</summary>
    internal (Piece Chosen, Piece Others) Part(Func<int, bool> isChosen)
    {
        var chosen = new List<int>();
        var others = new List<int>(Count);
        for (var at = 0; at < Count; at++)
        {
            (isChosen(at) ? chosen : others).Add(Members.Span[at]);
        }

        return (new Piece(Chunk, chosen.ToArray()), new Piece(Chunk, others.ToArray()));
    }
}
