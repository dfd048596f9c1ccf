using System.Globalization;
using OptimoveDC.Benchmarks.Reports;

namespace OptimoveDC.Benchmarks;

/// <summary>What a run of the benchmark measures, and on how much.</summary>
internal sealed record RunOptions
{
    internal const string Usage = "dotnet run -c Release --project tests/OptimoveDC.Benchmarks [-- [--quick] [--only name,name] [--runs n] | profile [--quick] | stream [--gigabytes n] | micro [--filter name] | --self-check]";

    /// <summary>Every row from less data, within two minutes.</summary>
    internal bool IsQuick { get; init; }

    /// <summary>The rows to measure.</summary>
    internal IReadOnlySet<string> Wanted { get; init; } = Measure.All.Select(measure => measure.Name).ToHashSet();

    /// <summary>How often each contender runs; they take turns. Fewer than five are for a first look.</summary>
    internal int Runs { get; init; } = 5;

    /// <summary>Rows whose runs are long whatever is done about it are run once by the quick run.</summary>
    internal int LongRuns => IsQuick ? 1 : Runs;

    /// <summary>An import of the module is so short that it takes more of them to tell.</summary>
    internal int ImportModuleRuns => Runs * 3;

    internal int FileRecords => IsQuick ? 150_000 : 1_000_000;

    /// <summary>What is imported before the clock starts, so that no contender pays for compiling alone.</summary>
    internal int WarmUpRecords { get; init; } = 20_000;

    /// <summary>The same for the shell's idiom, which is as slow when it is warm.</summary>
    internal int ShellWarmUpRecords { get; init; } = 2_000;

    /// <summary>Objects held in memory at once, about 1.5 KB each.</summary>
    internal int ObjectRecords => IsQuick ? 20_000 : 1_000_000;

    /// <summary>What the shell's Import-Csv reads, with the module behind it and alone.</summary>
    internal int CsvRecords => IsQuick ? 10_000 : 1_000_000;

    /// <summary>The shell's idiom is compared by its rate: fewer records take it long enough.</summary>
    internal int ShellRecords => IsQuick ? 10_000 : 100_000;

    internal int MemoryRecords => IsQuick ? 25_000 : 1_000_000;

    /// <summary>200 chunks either way; the quick run sends small ones.</summary>
    internal int LatencyBatchSize => IsQuick ? 50 : 5000;

    internal int LatencyChunks { get; init; } = 200;

    /// <summary>Requests under the limit of 50 per 10 s: one window has to pass, or five.</summary>
    internal int LimitRequests => IsQuick ? 100 : 300;

    /// <summary>Reads the command line.</summary>
    /// <exception cref="ArgumentException">It can't be understood; the message says why.</exception>
    internal static RunOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new RunOptions();
        for (var at = 0; at < arguments.Count; at++)
        {
            options = arguments[at] switch
            {
                "--quick" => options with { IsQuick = true },
                "--runs" when at + 1 < arguments.Count && int.TryParse(arguments[at + 1], out var runs) && runs > 0 => options with { Runs = int.Parse(arguments[++at], CultureInfo.InvariantCulture) },
                "--only" when at + 1 < arguments.Count => options with { Wanted = ParseNames(arguments[++at]) },
                var other => throw new ArgumentException($"«{other}» is not understood. {Usage}"),
            };
        }

        return options;
    }

    private static HashSet<string> ParseNames(string text)
    {
        var names = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToHashSet();
        var known = Measure.All.Concat(Measure.Sync).Select(measure => measure.Name).ToList();
        var unknown = names.Except(known).ToArray();
        return unknown.Length == 0
            ? names
            : throw new ArgumentException($"There is no row {string.Join(", ", unknown)}; there are {string.Join(", ", known)}.");
    }
}
