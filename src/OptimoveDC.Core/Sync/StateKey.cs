using System.Buffers.Binary;

namespace OptimoveDC.Core.Sync;

/// <summary>
/// A key as the state orders it: eight bytes of <see cref="Records.RecordKey.WaitHash"/>, then the key as JSON. So keys
/// that may be one to the service (<c>1</c> and <c>"1"</c>) lie beside each other, and the order falls into equal parts
/// whatever the keys look like.
/// </summary>
internal static class StateKey
{
    internal const int HashLength = sizeof(ulong);

    internal static int LengthOf(ReadOnlySpan<byte> json) => HashLength + json.Length;

    internal static void Write(Span<byte> target, ulong waitHash, ReadOnlySpan<byte> json)
    {
        BinaryPrimitives.WriteUInt64BigEndian(target, waitHash);
        json.CopyTo(target[HashLength..]);
    }

    internal static ReadOnlySpan<byte> JsonOf(ReadOnlySpan<byte> key) => key[HashLength..];
}
