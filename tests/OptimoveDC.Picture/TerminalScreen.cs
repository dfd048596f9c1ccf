using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace OptimoveDC.Picture;

/// <summary>
/// As much of a terminal as the demo uses: lines, returns to the start of a line, erasing to its end, colours. What a line
/// showed is kept with the time from which it did.
/// </summary>
internal sealed partial class TerminalScreen(int columns, int rows)
{
    private readonly List<ScreenLine> _lines = [];
    private readonly Cell[] _cells = new Cell[columns];
    private string _held = "";
    private string _colour = "";
    private int _row;
    private int _column;

    /// <summary>What stood in each row, and from when to when.</summary>
    internal IReadOnlyList<ScreenLine> Lines => _lines;

    internal int Columns => columns;

    /// <summary>The last row that anything stood in.</summary>
    internal int LastRow => _lines.Max(line => line.Row);

    /// <summary>When the last piece came.</summary>
    internal TimeSpan End { get; private set; }

    /// <summary>Takes a piece of output.</summary>
    internal void Write(TimeSpan time, string text)
    {
        End = time;
        text = _held + text;

        // An escape sequence may come in two pieces.
        var escape = text.LastIndexOf('\u001b');
        _held = escape >= 0 && !Sequence().IsMatch(text, escape) ? text[escape..] : "";
        text = text[..^_held.Length];
        for (var at = 0; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '\u001b':
                    var sequence = Sequence().Match(text, at);
                    Obey(sequence);
                    at += sequence.Length - 1;
                    break;
                case '\r':
                    _column = 0;
                    break;
                case '\n':
                    Note(time);
                    StartRow(time);
                    break;
                default:
                    if (_column == columns)
                    {
                        Note(time);
                        StartRow(time);
                        _column = 0;
                    }

                    _cells[_column++] = new Cell(text[at], _colour);
                    break;
            }
        }

        Note(time);
    }

    private void Obey(Match sequence)
    {
        var arguments = sequence.Groups["arguments"].Value;
        switch (sequence.Groups["command"].Value)
        {
            case "K":
                Array.Clear(_cells, _column, columns - _column);
                break;
            case "m":
                // The colours of the text; weight and background are left alone.
                foreach (var code in arguments.Split(';').Select(code => code.Length == 0 ? 0 : int.Parse(code, CultureInfo.InvariantCulture)))
                {
                    _colour = code switch { 0 or 39 => "", >= 30 and <= 37 or >= 90 and <= 97 => $"c{code % 60 % 30 + (code >= 90 ? 60 : 0)}", _ => _colour };
                }

                break;
        }
    }

    private void StartRow(TimeSpan time)
    {
        Array.Clear(_cells);
        if (++_row >= rows)
        {
            throw new InvalidOperationException($"More than {rows} rows were written by {time}: the picture does not scroll.");
        }
    }

    private void Note(TimeSpan time)
    {
        var spans = Spans();
        var last = _lines.FindLastIndex(line => line.Row == _row && line.Until is null);
        if (last >= 0)
        {
            if (_lines[last].Spans.SequenceEqual(spans))
            {
                return;
            }

            _lines[last] = _lines[last] with { Until = time };
        }

        if (spans.Count > 0)
        {
            _lines.Add(new ScreenLine(_row, time, null, spans));
        }
    }

    private List<Span> Spans()
    {
        var spans = new List<Span>();
        var end = Array.FindLastIndex(_cells, cell => cell.Character is not ('\0' or ' ')) + 1;
        for (var at = 0; at < end;)
        {
            var start = at;
            var text = new StringBuilder();
            for (; at < end && _cells[at].Colour == _cells[start].Colour; at++)
            {
                text.Append(_cells[at].Character == '\0' ? ' ' : _cells[at].Character);
            }

            spans.Add(new Span(start, text.ToString(), _cells[start].Colour ?? ""));
        }

        return spans;
    }

    // Control sequences, and the two kinds of an application's own that have no effect here.
    [GeneratedRegex(@"\G\u001b(?:\[\??(?<arguments>[0-9;]*)(?<command>[A-Za-z])|[=>])")]
    private static partial Regex Sequence();

    private readonly record struct Cell(char Character, string? Colour);
}

/// <summary>What stood in a row.</summary>
/// <param name="Row">The row, from 0.</param>
/// <param name="From">Since when.</param>
/// <param name="Until">Until when; null for the rest.</param>
/// <param name="Spans">The text.</param>
internal sealed record ScreenLine(int Row, TimeSpan From, TimeSpan? Until, IReadOnlyList<Span> Spans);

/// <summary>Text of one colour.</summary>
internal sealed record Span(int Column, string Text, string Colour);
