using System.Collections;
using System.Management.Automation;
using BenchmarkDotNet.Attributes;
using OptimoveDC.Benchmarks.Data;
using OptimoveDC.Cmdlets.Records;
using OptimoveDC.Core.Records.Columns;

namespace OptimoveDC.MicroBenchmarks;

/// <summary>
/// The conversion of objects of the pipeline, as Import-OptimoveData does it for each: fields found, key taken, record
/// written to a chunk. All times are for one object.
/// </summary>
public class PipelineConverterBenchmarks
{
    private const int Records = 20_000;
    private readonly DroppedChunks _chunks = new();
    private readonly ObjectRecords _records = new(new ColumnLayout { KeyProperty = CustomerGenerator.KeyColumn }, "Import-OptimoveData");
    private PSObject[] _objects = [];
    private long _position;

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
            _records.Write(writer, ++_position, record);
            _chunks.Drop();
        }

        return _chunks.Chunks;
    }
}
