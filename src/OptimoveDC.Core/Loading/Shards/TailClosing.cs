using System.IO.Hashing;
using OptimoveDC.Core.Api;
using OptimoveDC.Core.Loading.Checkpoints;

namespace OptimoveDC.Core.Loading.Shards;

/// <summary>Completes a batch when nothing of the own share was accepted: with the last record of the source that the service takes.</summary>
internal sealed class TailClosing(SourceTail tail, ChunkSender sender, ClosingRequest closing, LoadHalt halt, SourceReplay? replay)
{
    /// <summary>Sends the last records of the source again, one after the other, until one completes the batch.</summary>
    /// <returns>True when the batch was completed.</returns>
    internal async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var candidates = tail.FromTheEnd.Select(element => (Element: element, Hash: Convert.ToHexString(XxHash128.Hash(element.Span)))).ToList();
        if (replay?.ClosingElement is { } unheard)
        {
            // That request may have completed the batch, and nothing but the same bytes may follow it.
            candidates.RemoveAll(candidate => candidate.Hash != unheard);
            if (candidates.Count == 0)
            {
                halt.Halt(replay.ClosingElementGone());
                return false;
            }
        }

        foreach (var (element, hash) in candidates)
        {
            var outcome = await sender.CloseAsync(element, closing, hash, cancellationToken).ConfigureAwait(false);
            if (outcome != ClosingOutcome.Refused)
            {
                return outcome == ClosingOutcome.Completed;
            }
        }

        if (candidates.Count > 0)
        {
            halt.Halt(new ServiceException(
                ErrorCondition.RequestRefused,
                $"The batch could not be completed: none of this shard's records was accepted, and the service refused the last {candidates.Count} of the others too"));
        }

        return false;
    }
}
