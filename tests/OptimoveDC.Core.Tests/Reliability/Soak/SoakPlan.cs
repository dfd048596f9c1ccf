using OptimoveDC.Core.Tests.Loading.Properties;

namespace OptimoveDC.Core.Tests.Reliability.Soak;

/// <summary>How long a soak takes, and what it may leave behind.</summary>
internal sealed record SoakPlan
{
    /// <summary>Real time for the loads; taking stock comes on top.</summary>
    internal required TimeSpan Length { get; init; }

    /// <summary>How often stock is taken. The first quarter is for warming up.</summary>
    internal int Rounds { get; init; } = 24;

    /// <summary>The seed of the first load; the others follow.</summary>
    internal int FirstSeed { get; init; } = 1_000_000;

    /// <summary>How many loads run at once.</summary>
    internal int AtOnce { get; init; } = 4;

    /// <summary>Real time until the servers of the last loads are gone.</summary>
    internal TimeSpan Settling { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>How much more memory may be in use at the end than at the beginning, in bytes.</summary>
    internal long MostMemory { get; init; } = 4 << 20;

    /// <summary>How many more handles and threads there may be at the end than at the beginning.</summary>
    internal int MostHandles { get; init; } = 12;

    /// <summary>Runs a load and judges it; what was wrong, or null.</summary>
    internal Func<int, FaultTally, Task<Failure?>> Judge { get; init; } = (seed, tally) => CaseRun.JudgeAsync(LoadCases.Of(seed), tally);

    /// <summary>Called when a round is over, before stock is taken.</summary>
    internal Action? RoundEnded { get; init; }
}
