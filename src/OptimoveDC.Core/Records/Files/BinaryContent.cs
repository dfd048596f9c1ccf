namespace OptimoveDC.Core.Records.Files;

/// <summary>Recognises files that are no text by how they begin, so that they are refused by name.</summary>
internal static class BinaryContent
{
    private static readonly (byte[] Start, string Reason)[] Kinds =
    [
        ([0x50, 0x4B, 0x03, 0x04], "it is a ZIP archive (as an Excel workbook is); unpack it, or save the sheet as CSV"),
        ([0xD0, 0xCF, 0x11, 0xE0], "it is an old Office document; save the sheet as CSV"),
        ([0x1F, 0x8B], "it is a gzip file within a gzip file; unpack it once"),
        ([0x28, 0xB5, 0x2F, 0xFD], "it is packed with zstd; unpack it, or pack it with gzip"),
        ([0x42, 0x5A, 0x68, 0x39], "it is packed with bzip2; unpack it, or pack it with gzip"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "it is packed with xz; unpack it, or pack it with gzip"),
        ([0x37, 0x7A, 0xBC, 0xAF], "it is a 7-Zip archive; unpack it"),
        ([0x50, 0x41, 0x52, 0x31], "it is a Parquet file; save it as CSV or NDJSON"),
        ([0x25, 0x50, 0x44, 0x46], "it is a PDF document"),
        ([0x53, 0x51, 0x4C, 0x69, 0x74, 0x65, 0x20, 0x66], "it is an SQLite database; export the table as CSV"),
    ];

    /// <summary>What a file is, as the end of a sentence; null when it may be text.</summary>
    internal static string? Recognise(ReadOnlySpan<byte> head)
    {
        foreach (var (start, reason) in Kinds)
        {
            if (head.StartsWith(start))
            {
                return reason;
            }
        }

        return null;
    }
}
