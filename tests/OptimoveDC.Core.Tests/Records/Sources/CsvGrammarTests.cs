using System.Text;
using OptimoveDC.Core.Records.Files.Csv;

namespace OptimoveDC.Core.Tests.Records.Sources;

/// <summary>Whatever is written by the grammar is read back, wherever the reader's buffer ends.</summary>
public sealed class CsvGrammarTests
{
    private static readonly string[] Pieces = ["a", "bc", "é", "€", "😀", "\"", ",", ";", "§", "\n", "\r", "\r\n", " ", "\t", "x,y", "1.50", new string('z', 40)];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Rows_are_read_as_they_were_written_with_their_lines(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 300; round++)
        {
            var delimiter = ",;\t§"[random.Next(4)];
            var text = new StringBuilder();
            var expected = new List<(long Line, string[] Fields)>();
            var line = 1L;
            for (var row = random.Next(12); row > 0; row--)
            {
                string[] fields = [.. Enumerable.Range(0, random.Next(1, 8)).Select(_ => string.Concat(Enumerable.Range(0, random.Next(4)).Select(_ => Pieces[random.Next(Pieces.Length)])))];
                var lineBreak = new[] { "\n", "\r\n", "\r" }[random.Next(3)];
                var written = string.Join(delimiter, fields.Select(field => Quote(field, delimiter, random)));
                text.Append(written).Append(row == 1 && random.Next(2) == 0 ? "" : lineBreak);
                expected.Add((line, fields));
                line += 1 + fields.Sum(CountBreaks);
            }

            var bytes = Encoding.UTF8.GetBytes(text.ToString());
            Assert.Equal(expected, await ReadAsync(bytes, delimiter, random.Next(1, 200)), (one, other) => one.Line == other.Line && one.Fields.SequenceEqual(other.Fields));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Any_text_is_read_the_same_however_it_comes_in_pieces(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 500; round++)
        {
            var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => Pieces[random.Next(Pieces.Length)])));
            var whole = await DescribeAsync(bytes, int.MaxValue);

            Assert.Equal(whole, await DescribeAsync(bytes, 1));
            Assert.Equal(whole, await DescribeAsync(bytes, random.Next(2, 50)));
        }
    }

    private static async Task<string> DescribeAsync(byte[] bytes, int piece)
    {
        try
        {
            return string.Join('\n', (await ReadAsync(bytes, ',', piece)).Select(row => $"{row.Line}: {string.Join('|', row.Fields)}"));
        }
        catch (CsvException exception)
        {
            return exception.Message;
        }
    }

    private static async Task<List<(long Line, string[] Fields)>> ReadAsync(byte[] bytes, char delimiter, int piece)
    {
        var rows = new List<(long, string[])>();
        using var reader = new Utf8CsvReader(new PiecemealStream(bytes, piece), delimiter, firstLine: 1, longestRecord: 1 << 20, bufferSize: 16);
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            rows.Add((reader.Line, [.. Enumerable.Range(0, reader.FieldCount).Select(field => Encoding.UTF8.GetString(reader[field]))]));
        }

        return rows;
    }

    private static string Quote(string field, char delimiter, Random random) =>
        field.Length == 0 || field.IndexOfAny([delimiter, '\r', '\n']) >= 0 || field.StartsWith('"') || random.Next(4) == 0
            ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : field;

    private static int CountBreaks(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal).Count(character => character is '\r' or '\n');
}
