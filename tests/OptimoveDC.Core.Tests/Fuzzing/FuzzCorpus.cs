namespace OptimoveDC.Core.Tests.Fuzzing;

/// <summary>The files that inputs are made from: those of <c>tests/data/fuzz</c>, small and each of one kind.</summary>
internal static class FuzzCorpus
{
    private static readonly string Root = Path.Combine(AppContext.BaseDirectory, "data", "fuzz");

    /// <summary>Files of records, by the ends of their names.</summary>
    internal static IReadOnlyDictionary<string, IReadOnlyList<byte[]>> Sources { get; } =
        new[] { "csv", "tsv", "json", "ndjson" }.ToDictionary(kind => kind, kind => Read(kind, "*." + kind));

    /// <summary>Bodies of answers.</summary>
    internal static IReadOnlyList<byte[]> Replies { get; } = Read("replies", "*.body");

    // In an order that no file system decides, so that a seed means the same everywhere.
    private static IReadOnlyList<byte[]> Read(string folder, string pattern) =>
        [.. Directory.EnumerateFiles(Path.Combine(Root, folder), pattern).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
}
