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
    private const int BlockSize = 256;
    private readonly DroppedChunks _chunks = new();
    private readonly RecordLayout _layout = new(new ColumnLayout { KeyProperty = CustomerGenerator.KeyColumn });
    private readonly RecordBlock _taken = new(1);
    private readonly RecordBlock _block = new(BlockSize);
    private readonly RowTaker _rows;
    private PSObject[] _objects = [];

    public PipelineConverterBenchmarks() => _rows = new RowTaker(_layout.Taker, PipelineRecord.Refuse);

    [IterationSetup(Targets = [nameof(Fresh), nameof(Taken)])]
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

    [Benchmark(Description = "what the pipeline's thread does of it: the objects taken, nothing written", OperationsPerInvoke = Records)]
    public int Taken()
    {
        var block = _block;
        foreach (var record in _objects)
        {
            if (block.Count == BlockSize)
            {
                block.Clear();
            }

            block.Take(record, _rows);
        }

        return block.Count;
    }

    private int Convert()
    {
        var writer = _chunks.Writer;
        foreach (var record in _objects)
        {
            _taken.Clear();
            _taken.Take(record, _rows);
            PipelineRecord.Write(writer, _taken, 0, _layout);
            _chunks.Drop();
        }

        return _chunks.Chunks;
    }
}
