using System.Diagnostics.Metrics;

namespace OptimoveDC.Core.Observability;

/// <summary>
/// The chunks under way, by operation. They are counted whether anybody listens or not, so that whoever begins to listen
/// in the middle of a load sees how many there are.
/// </summary>
internal sealed class ActiveChunks
{
    private static readonly LoadOperation[] Operations = Enum.GetValues<LoadOperation>();
    private readonly int[] _counts = new int[Operations.Length];

    internal ActiveChunks(Meter meter) =>
        meter.CreateObservableUpDownCounter("optimove.load.active_chunks", Observe, "{chunk}", "Chunks of records that are being sent.");

    internal void Enter(LoadOperation operation) => Interlocked.Increment(ref _counts[(int)operation]);

    internal void Leave(LoadOperation operation) => Interlocked.Decrement(ref _counts[(int)operation]);

    private IEnumerable<Measurement<int>> Observe() => Operations.Select(operation => new Measurement<int>(
        Volatile.Read(ref _counts[(int)operation]),
        new KeyValuePair<string, object?>(Tags.Operation, Instruments.NameOf(operation))));
}
