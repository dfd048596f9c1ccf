using OptimoveDC.Core.Loading.Checkpoints;

namespace OptimoveDC.Core.Loading;

/// <summary>The request that completes a batch: noted on disk before it goes, since nothing may follow it.</summary>
/// <param name="log">Where it is noted; null when no checkpoint is kept.</param>
/// <param name="wasUnheardBefore">An earlier run sent it and never heard what became of it.</param>
internal sealed class ClosingRequest(CheckpointLog? log, bool wasUnheardBefore)
{
    /// <summary>True while an earlier run's closing request may have worked unheard.</summary>
    internal bool WasUnheardBefore { get; private set; } = wasUnheardBefore;

    /// <summary>Notes that the request is about to go.</summary>
    /// <param name="chunk">The chunk it carries; null for a record sent again.</param>
    /// <param name="element">The hash of a record that another shard owns; null for all others.</param>
    /// <returns>False when it can't be noted: then it must not go.</returns>
    internal bool TryBegin(Chunk? chunk, string? element = null) =>
        log is null || log.TryWrite(new CheckpointLine { Kind = CheckpointLine.Closing, Chunk = chunk?.Number, Element = element });

    /// <summary>Notes that the service was heard to refuse it, so that the batch is still open.</summary>
    internal void Refused(Chunk? chunk)
    {
        WasUnheardBefore = false;
        log?.TryWrite(new CheckpointLine { Kind = CheckpointLine.ClosingRefused, Chunk = chunk?.Number });
    }
}
