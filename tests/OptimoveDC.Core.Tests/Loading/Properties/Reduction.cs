namespace OptimoveDC.Core.Tests.Loading.Properties;

/// <summary>Makes a failing case smaller for as long as it breaks the same rule.</summary>
internal static class Reduction
{
    private const int MostRuns = 60;

    // Requests race as they like, so a case that fails may pass the next time.
    private const int RunsForEach = 2;

    internal static async Task<Failure> OfAsync(Failure failure)
    {
        var rule = failure.Violations[0].Rule;
        var runs = 0;
        for (var isSmaller = true; isSmaller && runs < MostRuns;)
        {
            isSmaller = false;
            foreach (var smaller in Smaller(failure.Case))
            {
                for (var run = 0; run < RunsForEach && runs < MostRuns && !isSmaller; run++, runs++)
                {
                    if (await CaseRun.JudgeAsync(smaller, new FaultTally()) is { } again && again.Violations.Any(violation => violation.Rule == rule))
                    {
                        failure = again;
                        isSmaller = true;
                    }
                }

                if (isSmaller)
                {
                    break;
                }
            }
        }

        return failure;
    }

    private static IEnumerable<LoadCase> Smaller(LoadCase @case)
    {
        for (var size = @case.Rows.Count / 2; size > 0; size /= 2)
        {
            for (var start = 0; start + size <= @case.Rows.Count; start += size)
            {
                yield return @case with { Rows = Renumber(@case.Rows.Where(row => row.Index < start || row.Index >= start + size)) };
            }
        }

        if (@case.ThrottleLimit > 1)
        {
            yield return @case with { ThrottleLimit = 1 };
        }

        if (@case.Slow > 0)
        {
            yield return @case with { Slow = 0 };
        }

        if (@case.RateLimit is not null)
        {
            yield return @case with { RateLimit = null };
        }
    }

    private static IReadOnlyList<CaseRow> Renumber(IEnumerable<CaseRow> rows) => [.. rows.Select((row, at) => row with { Index = at })];
}
