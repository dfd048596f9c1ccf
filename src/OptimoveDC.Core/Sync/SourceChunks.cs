using System.IO.Hashing;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Records;

namespace OptimoveDC.Core.Sync;

/// <summary>How both readings of a source cut it into chunks, and how what is in them is hashed: the same way each time.</summary>
internal static class SourceChunks
{
    internal static (ChunkAssembler Assembler, RecordWriter Writer) Assemble(string source, KeyType keyType, IRecordAccount account, ChunkPool pool)
    {
        var envelope = new UploadEnvelope(Guid.Empty, timeToLiveSeconds: null);
        var assembler = new ChunkAssembler(
            new LoadPlan { Envelope = envelope, Source = source, DataConnectionId = Guid.Empty, KeyType = keyType },
            account,
            pool,
            ranges: null);
        return (assembler, new RecordWriter(envelope, keyType, assembler));
    }

    /// <summary>128 bits of a record's JSON, as it is sent.</summary>
    internal static UInt128 HashOf(ReadOnlySpan<byte> json) => XxHash128.HashToUInt128(json);
}
