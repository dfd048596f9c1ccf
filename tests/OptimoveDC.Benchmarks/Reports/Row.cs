namespace OptimoveDC.Benchmarks.Reports;

/// <summary>A row of the table: the values of its runs, or why there are none.</summary>
internal sealed class Row
{
    private Row(Measure measure, IReadOnlyList<double> values, string note, bool holds)
    {
        Measure = measure;
        Values = values;
        Note = note;
        Holds = holds;
    }

    internal Measure Measure { get; }

    /// <summary>The ratio of each run; empty when the row was skipped.</summary>
    internal IReadOnlyList<double> Values { get; }

    /// <summary>The absolute figures behind the ratio; of a skipped row the reason.</summary>
    internal string Note { get; }

    internal bool IsSkipped => Values.Count == 0;

    internal double Ratio => Statistics.Median(Values);

    internal bool IsMet => !IsSkipped && Holds && Measure.IsMetBy(Ratio);

    /// <summary>What the target asks for beside the ratio.</summary>
    private bool Holds { get; }

    internal static Row Measured(string name, IEnumerable<double> values, string note, bool holds = true) =>
        new(Measure.Named(name), [.. values], note, holds);

    internal static Row Skipped(string name, string reason) => new(Measure.Named(name), [], reason, holds: false);
}
