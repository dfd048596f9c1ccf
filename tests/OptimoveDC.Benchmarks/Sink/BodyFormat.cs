namespace OptimoveDC.Benchmarks.Sink;

/// <summary>How the three bodies are counted without being parsed, and how their successes are answered.</summary>
/// <param name="Endpoint">The last part of the path.</param>
/// <param name="Mark">A byte that the format alone writes: the generator's text has no braces, and its keys no quotes.</param>
/// <param name="MarksOfEnvelope">How many of them stand outside the records.</param>
/// <param name="MarksOfRecord">How many of them each record has.</param>
/// <param name="CountName">What the answer calls the number of records; null when it doesn't say it.</param>
internal sealed record BodyFormat(string Endpoint, byte Mark, int MarksOfEnvelope, int MarksOfRecord, string? CountName)
{
    private static readonly BodyFormat[] All =
    [
        new("upload_data", (byte)'{', 1, 1, null),
        new("update_data", (byte)'{', 0, 2, "updated_records"),
        new("delete_data", (byte)'"', 2, 2, "deleted_records"),
    ];

    internal static BodyFormat? Find(string path) => All.FirstOrDefault(format => path.EndsWith(format.Endpoint, StringComparison.Ordinal));

    internal long Records(long marks) => (marks - MarksOfEnvelope) / MarksOfRecord;

    internal string Success(long records) => CountName is null ? """{"status":"success"}""" : $$"""{"status":"success","{{CountName}}":{{records}}}""";
}
