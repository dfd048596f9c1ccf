using System.Buffers;
using System.Runtime.CompilerServices;

namespace OptimoveDC.Core.Loading;

/// <summary>A growing run of bytes on pooled memory. Writing past the end grows it; stepping back is free.</summary>
/// <param name="capacity">What is taken at first, in bytes: enough for the little that most commands send.</param>
/// <param name="fullCapacity">
/// What is taken next: enough for what a full chunk has as a rule. Growing to it by doubling would leave as much again
/// behind, for every chunk; and the part of it that is never written to takes no memory.
/// </param>
internal sealed class ChunkBuffer(int capacity, int fullCapacity) : IBufferWriter<byte>
{
    private byte[] _bytes = [];

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
        var usual = _bytes.Length == 0 ? capacity : Math.Max(fullCapacity, checked(_bytes.Length * 2));
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(usual, checked(Length + count)));
        _bytes.AsSpan(0, Length).CopyTo(larger);
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        _bytes = larger;
    }
}
