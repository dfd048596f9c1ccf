namespace OptimoveDC.Benchmarks.Reports;

internal static class Statistics
{
    /// <summary>The value in the middle; of an even number of values, the mean of the two there.</summary>
    internal static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
