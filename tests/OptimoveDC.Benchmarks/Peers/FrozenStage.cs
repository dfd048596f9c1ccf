using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using OptimoveDC.Benchmarks.Workers;
using Sylvan.Data.Csv;

namespace OptimoveDC.Benchmarks.Peers;

/// <summary>
/// The frozen stage: the fields of a CSV file as spans, written as JSON records into one buffer, a request's worth at
/// a time, and dropped. No network, no keys, no account.
/// </summary>
/// <remarks>
/// Peer code. It is what the product is measured against, so it is never tuned: a change here makes all earlier
/// results void.
/// </remarks>
internal sealed class FrozenStage : IWorker
{
    internal const string Kind = "stage";
    private const int BatchSize = 5000;

    public Task<WorkerResult> DoAsync(WorkerCommand command) => Measurement.OfAsync(() => Task.FromResult(Run(command.Path!)));

    public void Dispose()
    {
    }

    private static long Run(string path)
    {
        using var text = new StreamReader(path, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, 1 << 16);
        using var csv = CsvDataReader.Create(text, new CsvDataReaderOptions { BufferSize = 1 << 16 });
        var names = Enumerable.Range(0, csv.FieldCount)
            .Select(column => JsonEncodedText.Encode(csv.GetName(column), JavaScriptEncoder.UnsafeRelaxedJsonEscaping))
            .ToArray();
        var body = new ArrayBufferWriter<byte>(1 << 20);
        using var json = new Utf8JsonWriter(body, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
        long records = 0;
        json.WriteStartArray();
        while (csv.Read())
        {
            json.WriteStartObject();
            for (var column = 0; column < names.Length; column++)
            {
                json.WriteString(names[column], csv.GetFieldSpan(column));
            }

            json.WriteEndObject();
            if (++records % BatchSize == 0)
            {
                json.WriteEndArray();
                json.Flush();
                body.ResetWrittenCount();
                json.Reset();
                json.WriteStartArray();
            }
        }

        json.WriteEndArray();
        json.Flush();
        return records;
    }
}
