using System.Text;
using System.Text.Json;

namespace OptimoveDC.Core.Loading.Checkpoints;

/// <summary>What a checkpoint file says of an import that has not finished.</summary>
public sealed class Checkpoint
{
    private readonly List<SealedRange> _ranges = [];
    private readonly Dictionary<int, string> _outcomes = [];
    private readonly Dictionary<(int Chunk, long Line), CheckpointLine> _rejects = [];

    private Checkpoint(string path, CheckpointHeader header)
    {
        Path = path;
        Header = header;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>What the import is.</summary>
    public CheckpointHeader Header { get; }

    /// <summary>Rows in the ranges that were read.</summary>
    public long RowsSealed => _ranges.Sum(range => (long)range.Rows);

    /// <summary>Records whose outcome is known to be sent, rejected and skipped, by the letters of the file.</summary>
    public (long Sent, long Rejected) CountDecided()
    {
        long Count(char letter) => _outcomes.Values.Sum(text => CountIn(text, letter));
        return (Count('S'), Count('R'));
    }

    /// <summary>True when the service acknowledged the whole batch.</summary>
    public bool IsCompleted { get; private set; }

    /// <summary>A request to complete the batch went out, and nothing was heard of it.</summary>
    internal bool IsClosingUnheard { get; private set; }

    /// <summary>The hash of the other shard's record that this request carried; null when it carried none.</summary>
    internal string? ClosingElement { get; private set; }

    internal IReadOnlyList<SealedRange> Ranges => _ranges;

    /// <summary>The part of the file that can be relied on, in bytes: a last line that was cut off is not in it.</summary>
    internal long ValidBytes { get; private set; }

    internal string? OutcomesOf(int chunk) => _outcomes.GetValueOrDefault(chunk);

    internal CheckpointLine? RejectAt(int chunk, long line) => _rejects.GetValueOrDefault((chunk, line));

    /// <summary>Reads a checkpoint.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Null when there is no such file, or nothing in it yet.</returns>
    /// <exception cref="CheckpointException">It can't be read, is none, or is being written by a running import.</exception>
    public static Checkpoint? Read(string path)
    {
        byte[] bytes;
        try
        {
            if (!File.Exists(path))
            {
                return null;
            }

            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            bytes = new byte[file.Length];
            file.ReadExactly(bytes);
        }
        catch (IOException exception) when (CheckpointLog.IsSharingViolation(exception))
        {
            throw new CheckpointException(path, $"The checkpoint {path} is in use: its import is still running.", CheckpointFault.InUse, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(path, $"The checkpoint {path} can't be read: {exception.Message}", CheckpointFault.Unreadable, exception);
        }

        return Parse(path, bytes);
    }

    private static Checkpoint? Parse(string path, byte[] bytes)
    {
        Checkpoint? checkpoint = null;
        var start = 0;
        var number = 0;
        for (var end = Array.IndexOf(bytes, (byte)'\n', start); end >= 0; end = Array.IndexOf(bytes, (byte)'\n', start))
        {
            number++;
            var line = ReadLine(path, number, bytes.AsSpan(start, end - start));
            if (checkpoint is null)
            {
                checkpoint = line is { Kind: CheckpointLine.Started, Header: { } header }
                    ? new Checkpoint(path, CheckFormat(path, header))
                    : throw Unreadable(path, $"its first line is not that of a checkpoint");
            }
            else
            {
                checkpoint.Take(line);
            }

            start = end + 1;
            checkpoint.ValidBytes = start;
        }

        // A first line that was cut off is still the start of one of ours; anything else is somebody's file.
        return checkpoint is null && !IsStartOf(CheckpointLine.FirstBytes, bytes)
            ? throw Unreadable(path, "its first line is not that of a checkpoint")
            : checkpoint;
    }

    private static bool IsStartOf(ReadOnlySpan<byte> whole, ReadOnlySpan<byte> bytes) =>
        bytes.Length < whole.Length ? whole.StartsWith(bytes) : bytes.StartsWith(whole);

    private static CheckpointLine ReadLine(string path, int number, ReadOnlySpan<byte> utf8)
    {
        try
        {
            return JsonSerializer.Deserialize(utf8, CheckpointJson.Default.CheckpointLine)
                ?? throw Unreadable(path, $"line {number} is empty");
        }
        catch (JsonException exception)
        {
            throw Unreadable(path, $"line {number} is not what a checkpoint has: {exception.Message}");
        }
    }

    private static CheckpointHeader CheckFormat(string path, CheckpointHeader header) => header.Format == CheckpointHeader.CurrentFormat
        ? header
        : throw Unreadable(path, $"it has the format {header.Format}, and this version of the module reads {CheckpointHeader.CurrentFormat}");

    private static CheckpointException Unreadable(string path, string reason) =>
        new(path, $"The checkpoint {path} can't be used: {reason}.", CheckpointFault.Unreadable);

    private static long CountIn(string text, char wanted)
    {
        long sum = 0;
        long count = 0;
        foreach (var letter in text)
        {
            if (char.IsAsciiDigit(letter))
            {
                count = (count * 10) + (letter - '0');
                continue;
            }

            sum += letter == wanted ? count : 0;
            count = 0;
        }

        return sum;
    }

    private void Take(CheckpointLine line)
    {
        switch (line.Kind)
        {
            case CheckpointLine.Sealed when line is { Range: { } range, Chunk: { } number } && number == _ranges.Count:
                _ranges.Add(range);
                break;
            case CheckpointLine.Rejected when line is { Chunk: { } chunk, Line: { } source }:
                _rejects[(chunk, source)] = line;
                break;
            case CheckpointLine.Resolved when line is { Chunk: { } chunk, Outcomes: { } outcomes }:
                _outcomes[chunk] = outcomes;
                break;
            case CheckpointLine.Closing:
                IsClosingUnheard = true;
                ClosingElement = line.Element;
                break;
            case CheckpointLine.ClosingRefused:
                IsClosingUnheard = false;
                break;
            case CheckpointLine.Completed:
                IsCompleted = true;
                IsClosingUnheard = false;
                break;
            case CheckpointLine.Resumed:
                break;
            default:
                throw Unreadable(Path, $"it has a line '{line.Kind}' that does not fit");
        }
    }
}
