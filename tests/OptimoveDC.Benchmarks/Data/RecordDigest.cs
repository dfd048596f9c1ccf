using System.IO.Hashing;
using System.Text;

namespace OptimoveDC.Benchmarks.Data;

/// <summary>Hashes records, one after the other: the generator's as they are made, the sink's as they arrive.</summary>
internal sealed class RecordDigest
{
    private static readonly byte[][] Names = [.. CustomerGenerator.Columns.Select(Encoding.UTF8.GetBytes)];
    private static readonly byte[] AfterName = [0];
    private static readonly byte[] AfterValue = [1];
    private readonly XxHash3 _hash = new();
    private readonly byte[] _utf8 = new byte[1024];

    internal ulong KeySum { get; private set; }

    internal ulong RecordSum { get; private set; }

    /// <summary>Adds a record as the generator makes it.</summary>
    internal void Add(ReadOnlySpan<string> fields)
    {
        for (var column = 0; column < fields.Length; column++)
        {
            var length = Encoding.UTF8.GetBytes(fields[column], _utf8);
            if (column == 0)
            {
                AddKey(_utf8.AsSpan(0, length));
            }

            AddField(Names[column], _utf8.AsSpan(0, length));
        }

        EndRecord();
    }

    internal void AddKey(ReadOnlySpan<byte> key) => KeySum = unchecked(KeySum + XxHash3.HashToUInt64(key));

    internal void AddField(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        _hash.Append(name);
        _hash.Append(AfterName);
        _hash.Append(value);
        _hash.Append(AfterValue);
    }

    internal void EndRecord()
    {
        RecordSum = unchecked(RecordSum + _hash.GetCurrentHashAsUInt64());
        _hash.Reset();
    }

    internal Expectation ToExpectation(long records) => new(records, KeySum, RecordSum);
}
