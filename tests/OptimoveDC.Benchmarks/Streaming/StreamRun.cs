using System.Globalization;

namespace OptimoveDC.Benchmarks.Streaming;

/// <summary>One import out of a pipe, as it went.</summary>
/// <param name="Gigabytes">What went through the pipe, in GB of 1,000,000,000 bytes.</param>
/// <param name="Records">The records in it, all of which arrived.</param>
/// <param name="Seconds">The import, the making of the records included.</param>
/// <param name="CpuSeconds">Processor time of the importing process alone.</param>
/// <param name="PeakMegabytes">The largest working set of the importing process, in MB of 1,000,000 bytes.</param>
internal sealed record StreamRun(double Gigabytes, long Records, double Seconds, double CpuSeconds, double PeakMegabytes)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Gigabytes:F2} GB, {Records:N0} records in {Seconds:N0} s ({CpuSeconds:N0} s of processor time), {PeakMegabytes:F0} MB at most");
}
