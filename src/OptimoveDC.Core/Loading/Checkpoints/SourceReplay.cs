using OptimoveDC.Core.Records;

namespace OptimoveDC.Core.Loading.Checkpoints;

/// <summary>
/// Holds a source that is read again against what it was: the same rows in the same ranges, or the import does not go on.
/// </summary>
internal sealed class SourceReplay(Checkpoint earlier)
{
    private int _next;

    /// <summary>How many rows the range that is being read has; null when all ranges are behind.</summary>
    internal int? RowsOfRange => _next < earlier.Ranges.Count ? earlier.Ranges[_next].Rows : null;

    /// <summary>True while ranges are left to compare.</summary>
    internal bool IsVerifying => _next < earlier.Ranges.Count;

    internal bool IsClosingUnheard => earlier.IsClosingUnheard;

    /// <summary>The hash of the other shard's record that a closing request carried which was never heard of; null when none did.</summary>
    internal string? ClosingElement => earlier.IsClosingUnheard ? earlier.ClosingElement : null;

    internal bool IsCompleted => earlier.IsCompleted;

    /// <summary>Compares a range that was read again, and gives its records the outcomes they had.</summary>
    /// <param name="chunk">Its records.</param>
    /// <param name="readAgain">All its rows.</param>
    /// <returns>Null when it is the same; else what is different.</returns>
    internal CheckpointException? Verify(Chunk chunk, SealedRange readAgain)
    {
        var range = earlier.Ranges[_next];
        var outcomes = earlier.OutcomesOf(_next);
        if (readAgain != range || (outcomes is not null && !OutcomeRuns.TryApply(outcomes, chunk)))
        {
            return Changed($"The source is not what it was when this import began: something in the range from line {range.FirstLine} to line {range.LastLine} is different.");
        }

        chunk.HasEarlierOutcomes = outcomes is not null;
        _next++;
        return null;
    }

    /// <summary>The source ended, or went on, where it didn't before.</summary>
    internal CheckpointException? VerifyEnd()
    {
        if (!IsVerifying)
        {
            return null;
        }

        var range = earlier.Ranges[_next];
        return Changed($"The source is not what it was when this import began: it ends before the end of the range from line {range.FirstLine} to line {range.LastLine}.");
    }

    /// <summary>Whether a row may follow the ranges: not once the batch may have been completed.</summary>
    internal CheckpointException? VerifyMore(long line) => !IsVerifying && (IsClosingUnheard || IsCompleted)
        ? Changed($"The source is not what it was when this import began: it goes on at line {line}, and the service was already asked to complete the batch.")
        : null;

    /// <summary>The record that a closing request carried is not among those that could be sent again.</summary>
    internal CheckpointException ClosingElementGone() =>
        Changed("The source is not what it was when this import began: its last records are others, and the service was already asked to complete the batch with one of them.");

    /// <summary>The rejections of a chunk whose outcomes were applied, made anew from its records.</summary>
    internal IEnumerable<Rejection> RejectionsOf(Chunk chunk)
    {
        for (var record = 0; record < chunk.Count; record++)
        {
            if (chunk.RecordAt(record).Outcome == RecordOutcome.Rejected)
            {
                var said = earlier.RejectAt(chunk.Number, chunk.RecordAt(record).Line);
                yield return Rejection.Of(chunk, record, said?.Reason ?? "the service refused it in the run before", said?.Status, said?.RequestId);
            }
        }
    }

    private CheckpointException Changed(string what) => new(
        earlier.Path,
        $"{what} Nothing of it was sent by this run beyond what it had read before. Restore the source, or import it afresh without -Resume.",
        CheckpointFault.SourceChanged);
}
