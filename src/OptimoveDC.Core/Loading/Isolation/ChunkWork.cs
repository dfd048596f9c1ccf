namespace OptimoveDC.Core.Loading.Isolation;

/// <summary>One chunk on its way, with all that its requests share.</summary>
internal sealed class ChunkWork(Chunk chunk, bool wasCarriedBefore, ClosingRequest? closing, int maxRequests)
{
    internal Chunk Chunk { get; } = chunk;

    /// <summary>For a delete: earlier requests of the load carried every key of the chunk.</summary>
    internal bool WasCarriedBefore { get; } = wasCarriedBefore;

    /// <summary>Set when the chunk's first request is to complete the batch.</summary>
    internal ClosingRequest? Closing { get; } = closing;

    internal PieceStack Pieces { get; } = new(chunk, maxRequests);

    /// <summary>The completing request was acknowledged.</summary>
    internal bool Completed { get; set; }
}
