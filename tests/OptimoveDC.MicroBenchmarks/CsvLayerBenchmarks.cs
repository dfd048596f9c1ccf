using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using OptimoveDC.Benchmarks.Data;
using OptimoveDC.Core.Records.Files;
using Sylvan.Data.Csv;

namespace OptimoveDC.MicroBenchmarks;

/// <summary>
/// The way from a CSV file to the bytes of a chunk, one layer more at a time: what a layer adds to the one before is
/// what it costs. All times are for one record.
/// </summary>
public class CsvLayerBenchmarks
{
    private const int Records = 100_000;
    private const int BufferSize = 1 << 16;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly char[] _chars = new char[BufferSize];
    private readonly DroppedChunks _chunks = new();
    private string _path = "";

    [GlobalSetup]
    public void WriteFile()
    {
        _path = Path.GetTempFileName();
        CustomerFile.Create(_path, Records);
    }

    [GlobalCleanup]
    public void DeleteFile() => File.Delete(_path);

    [Benchmark(Description = "1 characters", OperationsPerInvoke = Records)]
    public long Decode()
    {
        using var text = OpenText();
        long count = 0;
        for (var read = text.Read(_chars); read > 0; read = text.Read(_chars))
        {
            count += read;
        }

        return count;
    }

    [Benchmark(Description = "2 + fields", OperationsPerInvoke = Records)]
    public long Fields()
    {
        using var csv = OpenCsv();
        long count = 0;
        while (csv.Read())
        {
            for (var column = 0; column < csv.RowFieldCount; column++)
            {
                count += csv.GetFieldSpan(column).Length;
            }
        }

        return count;
    }

    [Benchmark(Description = "2a fields, ReadAsync", OperationsPerInvoke = Records)]
    public async Task<long> FieldsAsync()
    {
        using var csv = OpenCsv();
        long count = 0;
        while (await csv.ReadAsync(CancellationToken.None))
        {
            for (var column = 0; column < csv.RowFieldCount; column++)
            {
                count += csv.GetFieldSpan(column).Length;
            }
        }

        return count;
    }

    [Benchmark(Description = "3 + JSON (the stage)", OperationsPerInvoke = Records, Baseline = true)]
    public long Stage()
    {
        using var csv = OpenCsv();
        csv.Read();
        var names = Enumerable.Range(0, csv.RowFieldCount)
            .Select(column => JsonEncodedText.Encode(csv.GetString(column), JavaScriptEncoder.UnsafeRelaxedJsonEscaping))
            .ToArray();
        var body = new ArrayBufferWriter<byte>(1 << 20);
        using var json = new Utf8JsonWriter(body, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
        long records = 0;
        while (csv.Read())
        {
            json.WriteStartObject();
            for (var column = 0; column < names.Length; column++)
            {
                json.WriteString(names[column], csv.GetFieldSpan(column));
            }

            json.WriteEndObject();
            if (++records % 5000 == 0)
            {
                json.Flush();
                body.ResetWrittenCount();
                json.Reset();
            }
        }

        return records;
    }

    [Benchmark(Description = "4 the product, to the full chunk", OperationsPerInvoke = Records)]
    public async Task<int> Product()
    {
        await using var source = await CsvRecordSource.OpenAsync(_path, new FileLayout { KeyProperty = CustomerGenerator.KeyColumn }, CancellationToken.None);
        while (await source.ReadAsync(_chunks.Writer, CancellationToken.None))
        {
            _chunks.Drop();
        }

        return _chunks.Chunks;
    }

    private StreamReader OpenText() => new(
        new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferSize, FileOptions.SequentialScan), StrictUtf8, false, BufferSize);

    private CsvDataReader OpenCsv() => CsvDataReader.Create(OpenText(), new CsvDataReaderOptions { HasHeaders = false, Delimiter = ',', BufferSize = BufferSize });
}
