using System.Text;

namespace OptimoveDC.Core.Tests.Records.Sources;

/// <summary>
/// A reader of delimited text by the grammar of RFC 4180, one character after the other, that shares nothing with the
/// product: the witness of what a file holds.
/// </summary>
internal static class IndependentCsv
{
    /// <summary>The rows, each with its line; lines with nothing in them are none.</summary>
    internal static List<(long Line, List<string> Fields)> Read(string text, char delimiter)
    {
        var rows = new List<(long, List<string>)>();
        var fields = new List<string>();
        var field = new StringBuilder();
        var (line, rowLine) = (1L, 1L);
        var wasQuoted = false;
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '"' && field.Length == 0 && !wasQuoted)
            {
                wasQuoted = true;
                for (at++; text[at] != '"' || (at + 1 < text.Length && text[at + 1] == '"'); at++)
                {
                    at += text[at] == '"' ? 1 : 0;
                    field.Append(text[at]);
                    line += EndsLine(text, at) ? 1 : 0;
                }
            }
            else if (text[at] == delimiter)
            {
                EndField();
            }
            else if (text[at] is '\r' or '\n')
            {
                if (EndsLine(text, at))
                {
                    EndRow();
                    rowLine = ++line;
                }
            }
            else
            {
                field.Append(text[at]);
            }
        }

        EndRow();
        return rows;

        void EndField()
        {
            fields.Add(field.ToString());
            field.Clear();
            wasQuoted = false;
        }

        void EndRow()
        {
            if (fields.Count == 0 && field.Length == 0 && !wasQuoted)
            {
                return;
            }

            EndField();
            rows.Add((rowLine, fields));
            fields = [];
        }
    }

    private static bool EndsLine(string text, int at) => text[at] == '\n' || (text[at] == '\r' && (at + 1 == text.Length || text[at + 1] != '\n'));
}
