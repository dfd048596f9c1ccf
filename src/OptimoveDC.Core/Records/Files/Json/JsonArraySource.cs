using System.Text.Json;
using OptimoveDC.Core.Records.Columns;

namespace OptimoveDC.Core.Records.Files.Json;

/// <summary>The records of a file that is one JSON array of objects, read in a stream. A fault of its grammar ends it.</summary>
internal sealed class JsonArraySource : IRecordSource
{
    private readonly TextFile _file;
    private readonly JsonWindow _window;
    private readonly ColumnSet _columns;
    private readonly JsonRecord _record;
    private Expected _expected = Expected.Opening;

    internal JsonArraySource(TextFile file, FileLayout layout)
    {
        _file = file;
        _window = new JsonWindow(file);
        _columns = new ColumnSet(layout);
        _record = new JsonRecord(_columns);
    }

    private enum Expected
    {
        Opening,
        FirstRecord,
        Record,
        Separator,
        Nothing,
    }

    private enum Outcome
    {
        Read,
        Ended,
        NeedsMore,
    }

    public string Name => _file.Path;

    public long? TotalBytes => _file.TotalBytes;

    public long BytesRead => _file.BytesRead;

    public IReadOnlyList<string> FieldNames => _columns.FieldNames;

    public IReadOnlyList<string> Remarks => UnseenColumns.Describe(_columns);

    public ValueTask<bool> ReadAsync(RecordWriter writer, CancellationToken cancellationToken)
    {
        var outcome = TryRead(writer);
        return outcome == Outcome.NeedsMore ? ReadOnAsync(writer, cancellationToken) : ValueTask.FromResult(outcome == Outcome.Read);
    }

    public async ValueTask DisposeAsync()
    {
        _window.Dispose();
        await _file.DisposeAsync().ConfigureAwait(false);
    }

    private async ValueTask<bool> ReadOnAsync(RecordWriter writer, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Twice as much each time, so that a long record isn't looked at again for every few bytes of it.
            var have = _window.Bytes.Length;
            CheckLength(have);
            if (!await _window.FillAsync(Math.Max(2 * have, 1), cancellationToken).ConfigureAwait(false))
            {
                return _expected == Expected.Nothing
                    ? false
                    : throw Refuse(_expected == Expected.Opening ? "it is empty" : "the file ends before its list does: it was cut short");
            }

            var outcome = TryRead(writer);
            if (outcome != Outcome.NeedsMore)
            {
                return outcome == Outcome.Read;
            }
        }
    }

    private Outcome TryRead(RecordWriter writer)
    {
        var outcome = MoveToRecord();
        if (outcome != Outcome.Read)
        {
            return outcome;
        }

        var bytes = _window.Bytes;
        try
        {
            if (!_record.TryScan(bytes, isFinal: false))
            {
                return Outcome.NeedsMore;
            }
        }
        catch (JsonException exception)
        {
            var within = exception.LineNumber is > 0 and var lines ? $" (in line {_window.Line + lines})" : "";
            throw Refuse($"the record that starts here is not JSON: {JsonText.Describe(exception)}{within}", exception);
        }

        CheckLength(_record.Length);
        _record.Write(bytes, writer, _window.Line);
        _window.Consume(_record.Length);
        _expected = Expected.Separator;
        return Outcome.Read;
    }

    private void CheckLength(int length)
    {
        if (length > RecordText.Longest)
        {
            throw Refuse($"the record that starts here is longer than {RecordText.Longest} bytes");
        }
    }

    private Outcome MoveToRecord()
    {
        while (true)
        {
            var bytes = _window.Bytes;
            var blank = bytes.IndexOfAnyExcept(" \t\r\n"u8);
            _window.Consume(blank < 0 ? bytes.Length : blank);
            if (blank < 0)
            {
                return _window.IsLast && _expected == Expected.Nothing ? Outcome.Ended : Outcome.NeedsMore;
            }

            if (Take((char)bytes[blank]))
            {
                return Outcome.Read;
            }

            _window.Consume(1);
        }
    }

    // Takes a character between records; true when it is the start of one.
    private bool Take(char character)
    {
        (Expected Next, string? Reason) step = (_expected, character) switch
        {
            (Expected.Opening, '[') => (Expected.FirstRecord, null),
            (Expected.FirstRecord or Expected.Separator, ']') => (Expected.Nothing, null),
            (Expected.Separator, ',') => (Expected.Record, null),
            (Expected.Separator, '{') => (default, "a comma is missing before the record that starts here"),
            (Expected.Separator, _) => (default, $"'{Show(character)}' stands where a comma or the end of the list belongs"),
            (Expected.FirstRecord or Expected.Record, ',') => (default, "a comma stands where a record belongs"),
            (Expected.Record, ']') => (default, "the list ends after a comma; take the comma out"),
            (Expected.Nothing, '[') => (default, "a second list begins after the end of the first; a file is one list"),
            (Expected.Nothing, _) => (default, $"'{Show(character)}' follows the end of the list"),
            (Expected.Opening, _) => (default, $"it begins with '{Show(character)}' and not with '['"),
            _ => (_expected, null),
        };
        if (step.Reason is not null)
        {
            throw Refuse(step.Reason);
        }

        var isRecord = step.Next == _expected;
        _expected = step.Next;
        return isRecord;
    }

    private static string Show(char character) => character is > ' ' and <= '~' ? character.ToString() : $"\\u{(int)character:X4}";

    private SourceException Refuse(string reason, Exception? inner = null) => new(Name, _window.Line, reason, inner);
}
