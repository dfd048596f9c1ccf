using OptimoveDC.Benchmarks.Reports;

namespace OptimoveDC.Benchmarks.Rows;

/// <summary>Rows that are measured together.</summary>
internal abstract class RowGroup(Workshop workshop)
{
    protected Workshop Workshop { get; } = workshop;

    protected RunOptions Options => Workshop.Options;

    /// <summary>The rows it can measure.</summary>
    internal abstract IReadOnlyList<string> Names { get; }

    /// <summary>Measures those of its rows that are wanted.</summary>
    internal abstract Task<IReadOnlyList<Row>> MeasureAsync();

    protected bool Wants(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Options.Wanted.Contains(name))
            {
                return true;
            }
        }

        return false;
    }
}
