namespace OptimoveDC.Benchmarks.Reports;

/// <summary>Which way a ratio should go.</summary>
internal enum Better
{
    /// <summary>At least the target.</summary>
    Higher,

    /// <summary>At most the target.</summary>
    Lower,
}
