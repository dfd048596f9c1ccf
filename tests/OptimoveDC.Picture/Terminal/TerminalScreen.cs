using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace OptimoveDC.Picture.Terminal;

/// <summary>
/// As much of a terminal as a PowerShell uses: lines, the cursor's moves, erasing, colors, and the question where the cursor
/// is. What a row showed is kept with the time from which it did.
/// </summary>
internal sealed partial class TerminalScreen
{
    private readonly List<ScreenLine> _lines = [];
    private readonly Cell[][] _cells;
    private readonly SortedSet<int> _touched = [];
    private string _held = "";
    private string _color = "";
    private int _row;

    // May be one beyond the last: the next character then goes to the next row.
    private int _column;

    /// <summary>Makes an empty screen.</summary>
    /// <param name="columns">Its width, in characters.</param>
    /// <param name="rows">Its height, in rows; it doesn't scroll.</param>
    internal TerminalScreen(int columns, int rows)
    {
        Columns = columns;
        _cells = [.. Enumerable.Range(0, rows).Select(_ => new Cell[columns])];
    }

    /// <summary>What stood in each row, and from when to when.</summary>
    internal IReadOnlyList<ScreenLine> Lines => _lines;

    internal int Columns { get; }

    /// <summary>The last row that anything stood in.</summary>
    internal int LastRow => _lines.Max(line => line.Row);

    /// <summary>When the last piece came.</summary>
    internal TimeSpan End { get; private set; }

    /// <summary>The rows as they are now, down to the last with text, without the blanks at their ends.</summary>
    internal IReadOnlyList<string> Rows =>
        [.. _cells.Take(Array.FindLastIndex(_cells, row => TextOf(row).Length > 0) + 1).Select(TextOf)];

    /// <summary>The row that the cursor is in.</summary>
    internal string CursorRow => TextOf(_cells[_row]);

    /// <summary>Takes a piece of output.</summary>
    /// <returns>What the terminal answers.</returns>
    internal string Write(TimeSpan time, string text)
    {
        End = time;
        text = _held + text;

        // An escape sequence may come in two pieces.
        var escape = text.LastIndexOf('\u001b');
        _held = escape >= 0 && !Sequence().IsMatch(text, escape) ? text[escape..] : "";
        text = text[..^_held.Length];
        var answers = new StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '\u001b':
                    var sequence = Sequence().Match(text, at);
                    if (!sequence.Success)
                    {
                        throw new InvalidOperationException($"The screen does not know the sequence that begins with {text.AsSpan(at + 1, Math.Min(8, text.Length - at - 1))}.");
                    }

                    Obey(sequence, answers);
                    at += sequence.Length - 1;
                    break;
                case '\r':
                    _column = 0;
                    break;
                case '\n':
                    StartRow();
                    break;
                case '\b':
                    _column = Math.Max(0, _column - 1);
                    break;
                case '\a':
                    break;
                default:
                    Put(text[at]);
                    break;
            }
        }

        foreach (var row in _touched)
        {
            Note(row, time);
        }

        _touched.Clear();
        return answers.ToString();
    }

    private void Put(char character)
    {
        if (_column == Columns)
        {
            StartRow();
            _column = 0;
        }

        _cells[_row][_column++] = new Cell(character, _color);
        _touched.Add(_row);
    }

    private void Obey(Match sequence, StringBuilder answers)
    {
        var arguments = sequence.Groups["arguments"].Value;
        switch (sequence.Groups["command"].Value)
        {
            case "A":
                MoveTo(_row - Number(arguments), _column);
                break;
            case "B":
                MoveTo(_row + Number(arguments), _column);
                break;
            case "C":
                MoveTo(_row, _column + Number(arguments));
                break;
            case "D":
                MoveTo(_row, _column - Number(arguments));
                break;
            case "G":
                MoveTo(_row, Number(arguments) - 1);
                break;
            case "H":
                var place = arguments.Split(';');
                MoveTo(Number(place[0]) - 1, place.Length > 1 ? Number(place[1]) - 1 : 0);
                break;
            case "J" when arguments.Length == 0 || arguments == "0":
                Erase(_row, _column);
                for (var row = _row + 1; row < _cells.Length; row++)
                {
                    Erase(row, 0);
                }

                break;
            case "K" when arguments.Length == 0 || arguments == "0":
                Erase(_row, _column);
                break;
            case "n" when arguments == "6":
                answers.Append(CultureInfo.InvariantCulture, $"\u001b[{_row + 1};{Math.Min(_column, Columns - 1) + 1}R");
                break;
            case "m":
                // The colors of the text; weight and background are left alone.
                foreach (var code in arguments.Split(';').Select(code => code.Length == 0 ? 0 : int.Parse(code, CultureInfo.InvariantCulture)))
                {
                    _color = code switch { 0 or 39 => "", >= 30 and <= 37 or >= 90 and <= 97 => $"c{code % 60 % 30 + (code >= 90 ? 60 : 0)}", _ => _color };
                }

                break;
        }
    }

    // Left out it is 1, and so is 0.
    private static int Number(string argument) => argument.Length == 0 ? 1 : Math.Max(1, int.Parse(argument, CultureInfo.InvariantCulture));

    private void MoveTo(int row, int column)
    {
        _row = Math.Clamp(row, 0, _cells.Length - 1);
        _column = Math.Clamp(column, 0, Columns - 1);
    }

    private void Erase(int row, int from)
    {
        Array.Clear(_cells[row], from, Columns - from);
        _touched.Add(row);
    }

    private void StartRow()
    {
        if (++_row >= _cells.Length)
        {
            throw new InvalidOperationException($"More than {_cells.Length} rows were written by {End}: the screen does not scroll.");
        }
    }

    private void Note(int row, TimeSpan time)
    {
        var spans = Spans(_cells[row]);
        var last = _lines.FindLastIndex(line => line.Row == row && line.Until is null);
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
            _lines.Add(new ScreenLine(row, time, null, spans));
        }
    }

    private static List<Span> Spans(Cell[] cells)
    {
        var spans = new List<Span>();
        var end = LengthOf(cells);
        for (var at = 0; at < end;)
        {
            var start = at;
            var text = new StringBuilder();
            for (; at < end && cells[at].Color == cells[start].Color; at++)
            {
                text.Append(cells[at].Shown);
            }

            spans.Add(new Span(start, text.ToString(), cells[start].Color ?? ""));
        }

        return spans;
    }

    private static string TextOf(Cell[] cells) => string.Concat(cells.Take(LengthOf(cells)).Select(cell => cell.Shown));

    private static int LengthOf(Cell[] cells) => Array.FindLastIndex(cells, cell => cell.Shown != ' ') + 1;

    // Control sequences, the title of the window and the like, and the two modes of the keypad, which have no effect here.
    [GeneratedRegex(@"\G\u001b(?:\[\??(?<arguments>[0-9;]*)(?<command>[A-Za-z])|\][^\a\u001b]*(?:\a|\u001b\\)|[=>])")]
    private static partial Regex Sequence();

    private readonly record struct Cell(char Character, string? Color)
    {
        internal char Shown => Character == '\0' ? ' ' : Character;
    }
}

/// <summary>What stood in a row.</summary>
/// <param name="Row">The row, from 0.</param>
/// <param name="From">Since when.</param>
/// <param name="Until">Until when; null for the rest.</param>
/// <param name="Spans">The text.</param>
internal sealed record ScreenLine(int Row, TimeSpan From, TimeSpan? Until, IReadOnlyList<Span> Spans)
{
    /// <summary>The text, with the blanks before it.</summary>
    internal string Text => string.Concat(Spans.Select(span => span.Text));
}

/// <summary>Text of one color.</summary>
internal sealed record Span(int Column, string Text, string Color);
