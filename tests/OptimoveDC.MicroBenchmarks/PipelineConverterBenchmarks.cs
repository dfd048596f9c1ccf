using System.Collections;
using System.Management.Automation;
using BenchmarkDotNet.Attributes;
using OptimoveDC.Benchmarks.Data;
using OptimoveDC.Cmdlets.Records;

namespace OptimoveDC.MicroBenchmarks;

/// <summary>
/// The conversion of objects of the pipeline, as Import-OptimoveData does it for each: fields found, key taken, record
/// written to a chunk. All times are for one object.
/// </summary>
public class PipelineConverterBenchmarks
{
    private const int Records = 20_000;
    private readonly DroppedChunks _chunks = new();
    private readonly RecordLayout _layout = new(new Dictionary<string, ColumnType>(), EmptyValue.Text);
    private PSObject[] _objects = [];

    [IterationSetup(Target = nameof(Fresh))]
    public void MakeObjects() => _objects = [.. CustomerObjects.Lazily(Records)];

    [IterationSetup(Target = nameof(Hashtables))]
    public void MakeHashtables() => _objects =
    [
        .. CustomerObjects.Lazily(Records).Select(row =>
        {
            var table = new Hashtable();
            foreach (var property in row.Properties)
            {
                table.Add(property.Name, property.Value);
            }

            return new PSObject(table);
        }),
    ];

    [IterationSetup(Target = nameof(Seen))]
    public void MakeSeenObjects()
    {
        MakeObjects();
        Convert();
    }

    [Benchmark(Description = "objects as Import-Csv makes them, never looked at", OperationsPerInvoke = Records, Baseline = true)]
    public int Fresh() => Convert();

    [Benchmark(Description = "the same, looked at before", OperationsPerInvoke = Records)]
    public int Seen() => Convert();

    [Benchmark(Description = "hashtables", OperationsPerInvoke = Records)]
    public int Hashtables() => Convert();

    private int Convert()
    {
        var writer = _chunks.Writer;
        foreach (var record in _objects)
        {
            writer.Begin(1, record);
            if (!ObjectFields.Has(record)
                || !ObjectFields.TryGet(record, CustomerGenerator.KeyColumn, out var name, out var value)
                || _layout.SetKey(writer.Key, value, name) is not null)
            {
                throw new InvalidOperationException("An object has no key.");
            }

            _layout.WriteRecord(writer.OpenData(), record, name, writer.Key, leftOut: null);
            writer.Commit();
            _chunks.Drop();
        }

        return _chunks.Chunks;
    }
}
