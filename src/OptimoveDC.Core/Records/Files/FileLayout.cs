using System.Text;
using OptimoveDC.Core.Records.Columns;

namespace OptimoveDC.Core.Records.Files;

/// <summary>How a file is read, and how its columns become the fields of records.</summary>
public sealed record FileLayout : ColumnLayout
{
    /// <summary>What stands between fields; null to go by the file's name and content.</summary>
    public char? Delimiter { get; init; }

    /// <summary>The encoding of the file; null for what its byte-order mark says, and UTF-8 without one.</summary>
    public Encoding? Encoding { get; init; }

    /// <summary>How many records to read at most; null for all.</summary>
    public long? First { get; init; }
}
