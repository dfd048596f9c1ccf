using System.Globalization;

namespace OptimoveDC.Benchmarks;

/// <summary>What else the machine is doing: a table from a busy machine has to say so.</summary>
internal static class MachineLoad
{
    private const string LoadAverage = "/proc/loadavg";

    /// <summary>The load before the run, as the end of a sentence; nothing where the system doesn't tell.</summary>
    internal static string Describe()
    {
        if (!File.Exists(LoadAverage))
        {
            return "";
        }

        var load = double.Parse(File.ReadAllText(LoadAverage).Split(' ')[0], CultureInfo.InvariantCulture);
        var busy = load > Environment.ProcessorCount / 2.0 ? ", which is busy: times are longer, and ratios less sure, than on one that is idle" : "";
        return string.Create(CultureInfo.InvariantCulture, $", load average {load:F1} before the run{busy}");
    }
}
