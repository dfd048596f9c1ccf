using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;

namespace OptimoveDC.Core.Observability;

/// <summary>
/// What the process shows of loads to whoever listens: one meter and one activity source, both named OptimoveDC. Names
/// and units follow the semantic conventions of OpenTelemetry. No tag carries a key, a value of a record, or a secret.
/// </summary>
internal static class Instruments
{
    internal const string Name = "OptimoveDC";

    private static readonly string? Version = typeof(Instruments).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
    private static readonly Meter Meter = new(Name, Version);

    internal static ActivitySource Activities { get; } = new(Name, Version);

    internal static Counter<long> Requests { get; } =
        Meter.CreateCounter<long>("optimove.client.requests", "{request}", "Requests that ended, repeated ones included.");

    internal static Histogram<double> RequestDuration { get; } =
        Meter.CreateHistogram<double>("optimove.client.request.duration", "s", "From the start of a request to its answer, without the wait for its turn.");

    internal static Counter<long> Retries { get; } =
        Meter.CreateCounter<long>("optimove.client.retries", "{retry}", "Requests that repeat an earlier one after a fault.");

    internal static Histogram<double> GateWait { get; } =
        Meter.CreateHistogram<double>("optimove.client.gate.wait", "s", "How long a request waited for its turn under the service's limit.");

    internal static Counter<long> Records { get; } =
        Meter.CreateCounter<long>("optimove.load.records", "{record}", "Records whose outcome was decided.");

    internal static ActiveChunks ActiveChunks { get; } = new(Meter);

    /// <summary>The operation as tags name it.</summary>
    internal static string NameOf(LoadOperation operation) => operation switch
    {
        LoadOperation.Upload => "upload",
        LoadOperation.Update => "update",
        _ => "delete",
    };

    /// <summary>Tells a listener something. It is somebody else's code: what it throws stops no load and costs no record its account.</summary>
    internal static void Tell<T>(T what, Action<T> tell)
    {
        try
        {
            tell(what);
        }
        catch (Exception)
        {
            // There is nobody to tell.
        }
    }

    /// <summary>Starts an activity; null when nobody listens, or the listener fails.</summary>
    internal static Activity? Start(string name, ActivityKind kind)
    {
        try
        {
            return Activities.HasListeners() ? Activities.StartActivity(name, kind) : null;
        }
        catch (Exception)
        {
            return null;
        }
    }
}
