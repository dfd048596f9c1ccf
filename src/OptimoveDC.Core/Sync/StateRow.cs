using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace OptimoveDC.Core.Sync;

/// <summary>What the state says of one key. Kept and filled anew, so that a row costs no allocation.</summary>
internal sealed class StateRow
{
    private byte[] _key = new byte[64];
    private int _length;

    /// <summary>The key as the state orders it: <see cref="StateKey"/>.</summary>
    internal ReadOnlySpan<byte> Key => _key.AsSpan(0, _length);

    /// <summary>What chunks wait for each other by; also what comes first in the order.</summary>
    internal ulong WaitHash { get; private set; }

    /// <summary>The content that the service acknowledged; null when it never did.</summary>
    internal UInt128? Hash { get; private set; }

    /// <summary>When it may expire, in Unix seconds; null for never.</summary>
    internal long? Expires { get; private set; }

    /// <summary>When it has expired for certain, in Unix seconds; null for never.</summary>
    internal long? Gone { get; private set; }

    /// <summary>True when a request of an earlier sync may have carried the key, and nobody knows what became of it.</summary>
    internal bool IsPending { get; private set; }

    /// <summary>Reads the key of the statement's row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void ReadKey(SqliteStatement row)
    {
        var key = row.Blob(0);
        if (_key.Length < key.Length)
        {
            _key = new byte[key.Length * 2];
        }

        key.CopyTo(_key);
        _length = key.Length;
        WaitHash = BinaryPrimitives.ReadUInt64BigEndian(key);
    }

    /// <summary>Reads the rest of the row, before the statement goes on to the next.</summary>
    /// <param name="row">The statement.</param>
    /// <param name="withExpiry">False when nobody will ask when the record expires: each value that is read costs a call.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void ReadRest(SqliteStatement row, bool withExpiry)
    {
        var hash = row.Blob(1);
        Hash = hash.IsEmpty ? null : BinaryPrimitives.ReadUInt128BigEndian(hash);
        IsPending = row.Number(2) != 0;
        Expires = withExpiry && !row.IsNull(3) ? row.Number(3) : null;
        Gone = withExpiry && !row.IsNull(4) ? row.Number(4) : null;
    }
}
