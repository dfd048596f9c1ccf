using System.Diagnostics.CodeAnalysis;

namespace OptimoveDC.Core.Loading.Isolation;

/// <summary>What is still to be asked about one chunk: the whole at first, and pieces of it where it is refused.</summary>
internal sealed class PieceStack
{
    private readonly Stack<Piece> _pieces = new();
    private int _requestsLeft;

    internal PieceStack(Chunk chunk, int maxRequests)
    {
        _requestsLeft = maxRequests;
        Push(Piece.Whole(chunk));
    }

    /// <summary>True once a request about the chunk went out.</summary>
    internal bool HasAsked { get; private set; }

    /// <summary>Records left without an answer of their own because the requests for this chunk were used up.</summary>
    internal int LeftUndivided { get; set; }

    /// <summary>Records that were refused only after attempts that nobody heard of.</summary>
    internal int LeftBlurred { get; set; }

    /// <summary>Keys to delete that were refused after an earlier request had carried them.</summary>
    internal int AlreadyGone { get; private set; }

    /// <summary>The first of them, as JSON, and what the service said.</summary>
    internal (string Key, string Reply) FirstGone { get; private set; }

    internal bool TryTake([MaybeNullWhen(false)] out Piece piece) => _pieces.TryPop(out piece);

    internal void Push(Piece piece)
    {
        if (piece.Count > 0)
        {
            _pieces.Push(piece);
        }
    }

    internal void PushHalves(Piece piece)
    {
        Push(piece.SecondHalf);
        Push(piece.FirstHalf);
    }

    /// <summary>Counts a request; false when there may be no more.</summary>
    internal bool TrySpend()
    {
        HasAsked = true;
        return --_requestsLeft >= 0;
    }

    /// <summary>
    /// The first half of a refused piece was accepted, so what was refused is in the second: asking about that as a
    /// whole would tell nothing new.
    /// </summary>
    internal void SkipKnownRefusal()
    {
        if (_pieces.TryPeek(out var second) && second is { Count: > 1, IsNamed: false })
        {
            _pieces.Pop();
            PushHalves(second);
        }
    }

    internal void CountGone(string key, string reply)
    {
        if (AlreadyGone++ == 0)
        {
            FirstGone = (key, reply);
        }
    }
}
