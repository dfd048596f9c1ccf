using System.IO.Hashing;
using System.Text;
using OptimoveDC.Core.Loading.Checkpoints;

namespace OptimoveDC.Core.Loading;

/// <summary>Notes which rows of the source the open chunk covers, so that a later run can hold the source against it.</summary>
internal sealed class RangeReader
{
    private readonly XxHash128 _hash = new();
    private long _firstLine;
    private long _lastLine;

    /// <summary>Rows of the range so far.</summary>
    internal int Rows { get; private set; }

    internal void AddRow(long line)
    {
        if (Rows++ == 0)
        {
            _firstLine = line;
        }

        _lastLine = line;
    }

    /// <summary>Adds a row that never became a record. Its place among the others counts too.</summary>
    internal void AddRejected(Rejection rejection, int recordsBefore)
    {
        AddRow(rejection.Line);
        _hash.Append(BitConverter.GetBytes(recordsBefore));
        _hash.Append(Encoding.UTF8.GetBytes(rejection.Record ?? rejection.Reason));
    }

    /// <summary>Ends the range: its records' bytes are those of the chunk's body.</summary>
    internal SealedRange End(ReadOnlySpan<byte> body)
    {
        _hash.Append(body);
        var range = new SealedRange(Rows, _firstLine, _lastLine, Convert.ToHexString(_hash.GetHashAndReset()));
        Rows = 0;
        return range;
    }
}
