using System.Text;
using BenchmarkDotNet.Attributes;
using OptimoveDC.Benchmarks.Data;
using OptimoveDC.Core.Records;

namespace OptimoveDC.MicroBenchmarks;

/// <summary>The record writer alone: fields that lie in memory, to the bytes of a chunk. All times are for one record.</summary>
public class RecordWriterBenchmarks
{
    private const int Records = 20_000;
    private readonly DroppedChunks _chunks = new();
    private readonly RecordField[] _columns = [.. CustomerGenerator.Columns.Select(name => new RecordField(name, ColumnType.Text))];
    private readonly RecordBuffer _record = new();
    private readonly string[][] _rows = new string[Records][];
    private readonly byte[][][] _utf8Rows = new byte[Records][][];

    [GlobalSetup]
    public void MakeRows()
    {
        var generator = new CustomerGenerator();
        for (var number = 0; number < Records; number++)
        {
            generator.Fill(number, _rows[number] = new string[_columns.Length]);
            _utf8Rows[number] = [.. _rows[number].Select(Encoding.UTF8.GetBytes)];
        }
    }

    [Benchmark(Description = "key and nine fields", OperationsPerInvoke = Records)]
    public int Write()
    {
        var writer = _chunks.Writer;
        foreach (var row in _utf8Rows)
        {
            writer.Begin(1);
            writer.Key.SetUtf8(row[0], isNumber: false);
            _record.Open();
            _columns[0].AppendKey(_record, writer.Key);
            for (var column = 1; column < row.Length; column++)
            {
                _columns[column].Append(_record, row[column], EmptyValue.Text);
            }

            _record.Close();
            writer.WriteData(_record.Bytes);
            writer.Commit();
            _chunks.Drop();
        }

        return _chunks.Chunks;
    }

    [Benchmark(Description = "key alone", OperationsPerInvoke = Records)]
    public ulong Key()
    {
        ulong last = 0;
        foreach (var row in _rows)
        {
            _chunks.Writer.Key.SetText(row[0]);
            last = _chunks.Writer.Key.WaitHash;
        }

        return last;
    }

    [Benchmark(Description = "begin and commit of an empty object", OperationsPerInvoke = Records)]
    public int Empty()
    {
        var writer = _chunks.Writer;
        foreach (var row in _rows)
        {
            writer.Begin(1);
            writer.Key.SetText(row[0]);
            var json = writer.OpenData();
            json.WriteStartObject();
            json.WriteEndObject();
            writer.Commit();
            _chunks.Drop();
        }

        return _chunks.Chunks;
    }
}
