using System.Buffers;
using System.Runtime.CompilerServices;

namespace OptimoveDC.Core.Loading;

/// <summary>A growing run of bytes on pooled memory. Writing past the end grows it; stepping back is free.</summary>
internal sealed class ChunkBuffer : IBufferWriter<byte>
{
    private readonly int _initialCapacity;
    private byte[] _bytes = [];

    internal ChunkBuffer(int initialCapacity) => _initialCapacity = initialCapacity;

    internal int Length { get; private set; }

    internal byte[] Array => _bytes;

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _bytes.AsSpan(Length);
    }

    internal ReadOnlySpan<byte> Slice(int offset, int length) => _bytes.AsSpan(offset, length);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Append(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    internal void Append(byte value)
    {
        Reserve(1);
        _bytes[Length++] = value;
    }

    /// <summary>Takes back everything from a position on.</summary>
    internal void StepBackTo(int length) => Length = length;

    /// <summary>Gives the memory back to the pool.</summary>
    internal void Release()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        Abandon();
    }

    /// <summary>Leaves the memory to the garbage collector, because somebody may still read it.</summary>
    internal void Abandon()
    {
        _bytes = [];
        Length = 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Reserve(int count)
    {
        if (_bytes.Length - Length < count)
        {
            Grow(count);
        }
    }

    private void Grow(int count)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_initialCapacity, checked(Math.Max(_bytes.Length * 2, Length + count))));
        _bytes.AsSpan(0, Length).CopyTo(larger);
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        _bytes = larger;
    }
}
