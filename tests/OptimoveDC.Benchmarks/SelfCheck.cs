using System.Globalization;
using System.Management.Automation.Language;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using OptimoveDC.Benchmarks.Data;
using OptimoveDC.Benchmarks.Reports;
using OptimoveDC.Benchmarks.Sink;
using OptimoveDC.Benchmarks.Workers;

namespace OptimoveDC.Benchmarks;

/// <summary>
/// Whether the benchmark's own parts can be trusted: the generator, the sink's way of counting and of noticing, the
/// reports. Every run starts with it.
/// </summary>
internal static class SelfCheck
{
    private const int Rows = 5000;

    private static readonly (string Sentence, Func<bool> Holds)[] Checks =
    [
        ("A seed gives the same rows every time", () => Csv(Rows) == Csv(Rows)),
        ("No primary key comes twice", () => Customers(100_000).Select(row => row[0]).Distinct().Count() == 100_000),
        ("A row has about 93 bytes", () => Encoding.UTF8.GetByteCount(Csv(Rows)) / (double)Rows is > 88 and < 98),
        ("Some fields have commas, quotes and line breaks", () => ",\"\n".All(mark => Customers(Rows).Any(row => row.Any(field => field.Contains(mark))))),
        ("Some text lies beyond ASCII", () => Customers(Rows).Count(row => row.Any(field => field.Any(character => character > 127))) > Rows / 4),
        ("Each body counts its records right without parsing", () => Bodies(Rows).All(body => CountMarks(body) == Rows)),
        ("Each body is read back as it was generated", () => Bodies(Rows).All(body => ReadBack(body) == Expected(Rows, body.Endpoint))),
        ("A lost record is noticed", () => ReadBack(Upload(Customers(Rows).Skip(1))) != Expected(Rows)),
        ("A doubled record in the place of another is noticed", () => ReadBack(Upload(Customers(Rows).Skip(1).Append(Customers(2).Last()))) != Expected(Rows)),
        ("A changed value is noticed", () => ReadBack(Upload(Customers(Rows).Select(Change))) != Expected(Rows)),
        ("A value that is no text is noticed", () => Throws(() => ReadBack(("upload_data", "{\"data\":[{\"customer_id\":1}]}")))),
        ("The result file has the five fields of each measured row and nothing else", JsonIsExact),
        ("Three ways to miss a target are told apart from meeting it", TargetsAreHeld),
        ("The table has a line for each row, skipped ones with their reason", () => MarkdownReport.Write(SampleRows, "").Split('\n').Count(line => line.StartsWith("| `", StringComparison.Ordinal)) == 3 && MarkdownReport.Write(SampleRows, "").Contains("no requests", StringComparison.Ordinal)),
        ("The picture is well-formed and has a bar for each measured row", () => XDocument.Parse(SvgReport.Write(SampleRows)).Descendants("{http://www.w3.org/2000/svg}rect").Count() == 2),
        ("The scripts of the shell have no error of syntax", () => Shell.Scripts.All(Parses)),
    ];

    private static IReadOnlyList<Row> SampleRows =>
    [
        Row.Measured("python", [9, 7, 8.5], ""), Row.Measured("stage", [1.16], ""), Row.Skipped("cpu", "no requests"),
    ];

    /// <summary>Checks everything and says what it found.</summary>
    /// <returns>0 when all holds.</returns>
    internal static int Run(Action<string> say)
    {
        var failures = 0;
        foreach (var (sentence, holds) in Checks)
        {
            if (!holds())
            {
                failures++;
                say($"self-check failed: {sentence}");
            }
        }

        say($"self-check: {Checks.Length - failures} of {Checks.Length} hold");
        return failures == 0 ? 0 : 1;
    }

    private static IEnumerable<string[]> Customers(int count)
    {
        var generator = new CustomerGenerator();
        for (var number = 0; number < count; number++)
        {
            var fields = new string[CustomerGenerator.Columns.Count];
            generator.Fill(number, fields);
            yield return fields;
        }
    }

    private static string Csv(int count)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        foreach (var fields in Customers(count))
        {
            CustomerFile.WriteRow(text, fields);
        }

        return text.ToString();
    }

    private static IEnumerable<(string Endpoint, string Json)> Bodies(int count)
    {
        yield return Upload(Customers(count));
        yield return ("update_data", JsonSerializer.Serialize(Customers(count).Select(row => new { primary_key = row[0], data = ToRecord(row), ttl = (int?)null })));
        yield return ("delete_data", JsonSerializer.Serialize(new { primary_keys = Customers(count).Select(row => row[0]) }));
    }

    // The list comes first, and JsonSerializer escapes all that is not ASCII, as Python does.
    private static (string Endpoint, string Json) Upload(IEnumerable<string[]> rows) =>
        ("upload_data", JsonSerializer.Serialize(new { data = rows.Select(ToRecord), ttl_seconds = (int?)null, batch_completed = true }));

    private static Dictionary<string, string> ToRecord(string[] row) =>
        CustomerGenerator.Columns.Zip(row).ToDictionary(pair => pair.First, pair => pair.Second);

    private static string[] Change(string[] row) => [.. row[..4], row[4] + " ", .. row[5..]];

    private static long CountMarks((string Endpoint, string Json) body)
    {
        var format = BodyFormat.Find("/" + body.Endpoint)!;
        return format.Records(Encoding.UTF8.GetBytes(body.Json).AsSpan().Count(format.Mark));
    }

    private static Expectation ReadBack((string Endpoint, string Json) body)
    {
        var records = BodyRecords.Read(body.Endpoint, Encoding.UTF8.GetBytes(body.Json));
        return new Expectation(records.Count, records.KeySum, records.RecordSum);
    }

    private static Expectation Expected(int count, string endpoint = "upload_data")
    {
        var digest = new RecordDigest();
        foreach (var row in Customers(count))
        {
            digest.Add(row);
        }

        var expected = digest.ToExpectation(count);
        return endpoint == "delete_data" ? expected with { RecordSum = 0 } : expected;
    }

    private static bool JsonIsExact()
    {
        using var document = JsonDocument.Parse(JsonReport.Write(SampleRows));
        var rows = document.RootElement.EnumerateArray().ToArray();
        return rows.Length == 2
            && rows.All(row => row.EnumerateObject().Select(field => field.Name).SequenceEqual(["name", "ratio", "target", "better", "met"]))
            && rows[0].GetProperty("ratio").GetDouble() == 8.5 && rows[0].GetProperty("better").GetString() == "higher" && rows[0].GetProperty("met").GetBoolean()
            && rows[1].GetProperty("better").GetString() == "lower" && !rows[1].GetProperty("met").GetBoolean();
    }

    private static bool TargetsAreHeld() =>
        Row.Measured("limit", [0.95], "").IsMet
        && !Row.Measured("limit", [0.9499], "").IsMet
        && !Row.Measured("limit", [0.95], "", holds: false).IsMet
        && !Row.Skipped("limit", "").IsMet;

    private static bool Parses(string script)
    {
        Parser.ParseFile(script, out _, out var errors);
        return errors.Length == 0;
    }

    private static bool Throws(Action action)
    {
        try
        {
            action();
            return false;
        }
        catch (JsonException)
        {
            return true;
        }
    }
}
