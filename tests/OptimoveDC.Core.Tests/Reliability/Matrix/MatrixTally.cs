using System.Collections.Concurrent;
using System.Text.Json;
using OptimoveDC.Tests.Reliability;

namespace OptimoveDC.Core.Tests.Reliability.Matrix;

/// <summary>Counts what the matrix really did, and writes it to <c>artifacts/reliability/fault-matrix.json</c>.</summary>
public sealed class MatrixTally : IDisposable
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private readonly ConcurrentDictionary<string, Line> _lines = new();

    /// <inheritdoc/>
    public void Dispose()
    {
        var folder = Directory.CreateDirectory(Path.Combine(ReliabilityRow.RepositoryRoot, "artifacts", "reliability"));
        File.WriteAllText(
            Path.Combine(folder.FullName, "fault-matrix.json"),
            JsonSerializer.Serialize(_lines.OrderBy(line => line.Key, StringComparer.Ordinal).ToDictionary(line => line.Key, line => line.Value), Indented));
    }

    internal void Add(MatrixFault fault, MatrixRun run)
    {
        var result = run.Report?.Result;
        _lines.AddOrUpdate(
            fault.Row,
            _ => Line.None.With(run, result),
            (_, line) => line.With(run, result));
    }

    private sealed record Line(int Tried, int Lost, long Requests, long Read, long Sent, long Rejected, long Skipped, long Unknown, long NotSent)
    {
        internal static Line None { get; } = new(0, 0, 0, 0, 0, 0, 0, 0, 0);

        internal Line With(MatrixRun run, LoadResult? result) => new(
            Tried + 1,
            Lost + (result is null || result.Read == result.Sent + result.Rejected + result.Skipped + result.Unknown + result.NotSent ? 0 : 1),
            Requests + run.Requests,
            Read + (result?.Read ?? 0),
            Sent + (result?.Sent ?? 0),
            Rejected + (result?.Rejected ?? 0),
            Skipped + (result?.Skipped ?? 0),
            Unknown + (result?.Unknown ?? 0),
            NotSent + (result?.NotSent ?? 0));
    }
}
