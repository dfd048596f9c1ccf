using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace OptimoveDC.Cmdlets.Records;

/// <summary>
/// Asks the processor to bring memory nearer that is going to be read: the objects of a long pipeline are in no cache, and
/// each of them takes several readings to be walked through, of which one waits for the other.
/// </summary>
/// <remarks>
/// A hint and nothing else. It may name any address, so what the garbage collector moves meanwhile does no harm; where the
/// processor has no such instruction, nothing is done.
/// </remarks>
internal static unsafe class MemoryPrefetch
{
    private const int CacheLine = 64;

    // The members of a row of a dozen columns. Twice as much was no faster.
    private const int LengthOfRow = 1024;

    /// <summary>
    /// Asks for a row of the shell's and what was made right after it, which is its members: the collector keeps what was made
    /// together together.
    /// </summary>
    /// <param name="row">The row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Row(object? row)
    {
        if (!Sse.IsSupported || row is null)
        {
            return;
        }

        var start = AddressOf(in row);
        for (var offset = 0; offset < LengthOfRow; offset += CacheLine)
        {
            Sse.Prefetch0(start + offset);
        }
    }

    /// <summary>Asks for values.</summary>
    /// <param name="values">The values; null ones are passed over.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Values(ReadOnlySpan<object?> values)
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        foreach (ref readonly var value in values)
        {
            Sse.Prefetch0(AddressOf(in value));
        }
    }

    private static byte* AddressOf(ref readonly object? value) => *(byte**)Unsafe.AsPointer(ref Unsafe.AsRef(in value));
}
