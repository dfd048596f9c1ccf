using System.Management.Automation;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace OptimoveDC.Cmdlets.Records;

/// <summary>
/// Asks the processor for memory that is going to be read: the objects of a long pipeline are in no cache, and walking
/// through one takes several reads, each of which waits for the one before.
/// </summary>
/// <remarks>
/// A hint and nothing else. It may name any address, so what the garbage collector moves meanwhile does no harm. .NET offers
/// it for x86 processors; on others nothing is done.
/// </remarks>
internal static unsafe class MemoryPrefetch
{
    private const int CacheLine = 64;

    // The members of a row of a dozen columns. Twice as much was no faster.
    private const int LengthOfRow = 1024;

    /// <summary>
    /// Asks for an object of the shell's and for what was made right after it, which is its members: the collector keeps
    /// together what was made together. For where the engine binds an object: it is not done then, and meanwhile it comes nearer.
    /// </summary>
    /// <param name="row">The object; nothing is asked for where it is none of the shell's.</param>
    /// <returns>The object.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static object? Row(object? row)
    {
        if (!Sse.IsSupported || row is not PSObject)
        {
            return row;
        }

        var start = AddressOf(in row);
        for (var offset = 0; offset < LengthOfRow; offset += CacheLine)
        {
            Sse.Prefetch0(start + offset);
        }

        return row;
    }

    /// <summary>Asks for values.</summary>
    /// <param name="values">The values; null ones cost nothing.</param>
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

    // Read as a number through the reference itself: the collector may move what the reference is in, and not what a pointer is.
    private static byte* AddressOf(ref readonly object? value) => (byte*)Unsafe.As<object?, nint>(ref Unsafe.AsRef(in value));
}
