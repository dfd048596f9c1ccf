using System.Globalization;
using System.Text;

namespace OptimoveDC.Core.Loading.Checkpoints;

/// <summary>The outcomes of a chunk's records as a short text: <c>4998S1R1S</c>.</summary>
internal static class OutcomeRuns
{
    // In the order of the outcomes: open, sent, rejected, skipped, unknown, not sent.
    private const string Letters = "OSRKUN";

    internal static string Write(Chunk chunk)
    {
        var text = new StringBuilder();
        for (var record = 0; record < chunk.Count;)
        {
            var outcome = chunk.RecordAt(record).Outcome;
            var start = record;
            while (record < chunk.Count && chunk.RecordAt(record).Outcome == outcome)
            {
                record++;
            }

            text.Append(CultureInfo.InvariantCulture, $"{record - start}{Letters[(int)outcome]}");
        }

        return text.ToString();
    }

    /// <summary>Gives a chunk the outcomes of an earlier run; what that run left open is open again.</summary>
    /// <returns>False when the text is not about as many records as the chunk has.</returns>
    internal static bool TryApply(string text, Chunk chunk)
    {
        var record = 0;
        var count = 0;
        foreach (var letter in text)
        {
            if (char.IsAsciiDigit(letter))
            {
                count = checked((count * 10) + (letter - '0'));
                continue;
            }

            var outcome = (RecordOutcome)Letters.IndexOf(letter, StringComparison.Ordinal);
            if (!Enum.IsDefined(outcome) || count > chunk.Count - record)
            {
                return false;
            }

            for (; count > 0; count--)
            {
                chunk.RecordAt(record++).Outcome = outcome is RecordOutcome.Unknown or RecordOutcome.NotSent ? RecordOutcome.Open : outcome;
            }
        }

        return record == chunk.Count;
    }
}
