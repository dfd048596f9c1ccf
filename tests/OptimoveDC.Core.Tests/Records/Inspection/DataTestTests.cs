using System.Globalization;
using System.Text;
using OptimoveDC.Core.Records.Files;
using OptimoveDC.Core.Records.Inspection;

namespace OptimoveDC.Core.Tests.Records.Inspection;

/// <summary>What a test finds in a source, and what it says of it.</summary>
public sealed class DataTestTests
{
    [Theory]
    [InlineData("01", "1", "leading zeros")]
    [InlineData("a1", "A1", "upper and lower case")]
    [InlineData("a ", "a", "white space")]
    [InlineData("１２", "12", "the form of their characters")]
    [InlineData("cafe\u0301", "café", "the form of their characters")]
    [InlineData("a\u200b", "a", "the form of their characters")]
    [InlineData("1.0", "1", "the form of their characters")]
    public async Task Keys_that_are_nearly_one_are_found_with_their_difference(string one, string other, string difference)
    {
        var (result, findings) = await TestAsync($"user_id\n{one}\nx\n{other}\n");

        var finding = Assert.Single(findings, found => found.Kind == DataFindingKind.NearDuplicateKey);
        Assert.Equal((4L, $"\"{other}\""), (finding.Line, finding.PrimaryKey));
        Assert.Contains($"in line 2 only in {difference};", finding.Message, StringComparison.Ordinal);
        Assert.Equal((1L, 0L, 3L, true), (result.NearDuplicates, result.Duplicates, result.DistinctKeys, result.Passed));
    }

    [Theory]
    [InlineData("a1", "a2")]
    [InlineData("10", "1")]
    [InlineData("0", "00x")]
    [InlineData("1e5x", "100000")]
    [InlineData("ab", "a b")]
    public async Task Keys_that_are_two_are_two(string one, string other) =>
        Assert.Equal((0L, 0L, 2L), await TestAsync($"user_id\n{one}\n{other}\n") is var (result, _) ? (result.NearDuplicates, result.Duplicates, result.DistinctKeys) : default);

    [Fact]
    public async Task Keys_that_come_again_are_found_across_requests_with_the_line_of_the_first()
    {
        var (result, findings) = await TestAsync("user_id\n1\n2\n1\n3\n1\n", batchSize: 2);

        Assert.Equal([(4L, "the key \"1\" is that of line 2 too, whose record it replaces"), (6L, "the key \"1\" is that of line 2 too, whose record it replaces")], findings.Select(finding => (finding.Line!.Value, finding.Message)));
        Assert.Equal((2L, 3L, 5L, 3L, true), (result.Duplicates, result.DistinctKeys, result.WouldSend, result.Requests, result.Passed));
    }

    [Fact]
    public async Task Numbers_and_text_among_the_keys_are_one_finding_and_a_number_is_nearly_its_text()
    {
        var (result, findings) = await TestAsync("{\"user_id\":1}\n{\"user_id\":2}\n{\"user_id\":\"1\"}\n", "a.ndjson");

        Assert.Contains("only in that one is a number and one is text", Assert.Single(findings, finding => finding.Kind == DataFindingKind.NearDuplicateKey).Message, StringComparison.Ordinal);
        var mixed = Assert.Single(findings, finding => finding.Kind == DataFindingKind.MixedKeyTypes);
        Assert.Equal("2 keys are numbers and 1 are text (the first text in line 3, the first number in line 1); -KeyType makes them one", mixed.Message);
        Assert.Equal(2, result.Warnings);
    }

    [Theory]
    [InlineData("1.50", "2", DataFindingKind.NumberAsText, "all 2 values look like numbers. To send numbers: -ColumnType @{ 'v' = 'Number' }")]
    [InlineData("-7", "1e5", DataFindingKind.NumberAsText, "numbers")]
    [InlineData("1,5", "2", DataFindingKind.NumberAsText, "a comma for decimals")]
    [InlineData("2026-01-02", "2026-12-31T10:00:00Z", DataFindingKind.DateAsText, "like dates. They are sent as they stand")]
    [InlineData("2.1.2026", "31.12.26", DataFindingKind.DateAsText, "more than one way")]
    [InlineData("1/2/2026", "12/31/2026 10:00", DataFindingKind.DateAsText, "more than one way")]
    [InlineData("true", "FALSE", DataFindingKind.BooleanAsText, "-ColumnType @{ 'v' = 'Boolean' }")]
    [InlineData("yes", "No", DataFindingKind.BooleanAsText, "Only true and false")]
    public async Task A_column_that_looks_like_something_else_is_named(string one, string other, DataFindingKind kind, string message)
    {
        var (_, findings) = await TestAsync($"user_id,v\na,\"{one}\"\nb,\nc,\"{other}\"\n");

        var finding = Assert.Single(findings);
        Assert.Equal((kind, "v", 2L), (finding.Kind, finding.Column, finding.Line));
        Assert.Contains(message, finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("007", "12345")]
    [InlineData("12345678901234567890", "1")]
    [InlineData("x", "1")]
    [InlineData("2026-13-01", "2026-01-32")]
    [InlineData("nope", "never")]
    [InlineData("1.2.3", "1.2")]
    public async Task A_column_of_codes_or_of_words_is_left_alone(string one, string other) =>
        Assert.Empty((await TestAsync($"user_id,v\na,{one}\nb,{other}\n")).Findings);

    [Fact]
    public async Task The_few_values_that_break_the_rule_are_named_by_the_first()
    {
        var rows = string.Concat(Enumerable.Range(0, 100).Select(n => $"k{n},{(n is 41 or 60 ? "n/a" : n.ToString(CultureInfo.InvariantCulture))}\n"));

        var finding = Assert.Single((await TestAsync("user_id,v\n" + rows)).Findings);

        Assert.Contains("98 of 100 values look (line 43 has the first that doesn't) like numbers", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_typed_column_is_no_finding() =>
        Assert.Empty((await TestAsync("user_id,v\na,1\n", layout: new FileLayout { KeyProperty = "user_id", ColumnTypes = new Dictionary<string, ColumnType> { ["v"] = ColumnType.Number } })).Findings);

    [Theory]
    [InlineData("K\uFFFDln", "a replacement character: it was lost when the text was converted (U+FFFD)")]
    [InlineData("KÃ¶ln", "'Ã¶', as UTF-8 read in another encoding looks")]
    [InlineData("â‚¬ Ã€", "'Ã€', as UTF-8 read in another encoding looks")]
    [InlineData("a\u0000b", "a NUL character (U+0000)")]
    [InlineData("a\u0007b", "a control character (U+0007)")]
    [InlineData("a\u0085b", "a control character (U+0085)")]
    [InlineData("a\u007fb", "a control character (U+007F)")]
    [InlineData("a\u200bb", "an invisible character (U+200B)")]
    [InlineData("a\uFEFFb", "a byte-order mark within it (U+FEFF)")]
    public async Task Characters_that_something_went_wrong_with_are_found_with_field_and_key(string text, string what)
    {
        var (result, findings) = await TestAsync($"user_id,v\nk1,ok\nk2,{text}\n");

        var finding = Assert.Single(findings);
        Assert.Equal((DataFindingKind.SuspectCharacter, "v", "\"k2\"", 3L, $"the field 'v' has {what}"), (finding.Kind, finding.Column, finding.PrimaryKey, finding.Line, finding.Message));
        Assert.True(result.Passed);
    }

    [Theory]
    [InlineData("Köln, Łódź, São Paulo, JOÃO, 東京")]
    [InlineData("a – b … “c” €")]
    [InlineData("5\u00A0km, 20 °C, Â")]
    [InlineData("tab\tand \\backslash\\ and C:\\users")]
    [InlineData("👨‍👩‍👧 می‌خواهم")]
    public async Task Ordinary_text_of_any_script_is_no_finding(string text) =>
        Assert.Empty((await TestAsync($"user_id,v\nk,\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"\n")).Findings);

    [Fact]
    public async Task A_record_larger_than_a_request_should_be_is_named()
    {
        var (result, findings) = await TestAsync($"user_id,v\n1,x\n2,{new string('x', 4_300_000)}\n3,x\n");

        var finding = Assert.Single(findings);
        Assert.Equal((DataFindingKind.OversizedRecord, 3L), (finding.Kind, finding.Line));
        Assert.Equal(3, result.Requests);
    }

    [Theory]
    [InlineData(0, 5, 0)]
    [InlineData(50, 5, 0)]
    [InlineData(51, 5, 10)]
    [InlineData(200, 5, 30)]
    [InlineData(201, 5, 40)]
    [InlineData(10, 0.5, 10)]
    [InlineData(3, 0.05, 40)]
    public async Task The_least_duration_is_that_of_the_limit(int requests, double requestsPerSecond, double seconds)
    {
        var rows = string.Concat(Enumerable.Range(0, requests).Select(n => $"k{n}\n"));

        var (result, _) = await TestAsync("user_id\n" + rows, batchSize: 1, requestsPerSecond: requestsPerSecond);

        Assert.Equal((requests, TimeSpan.FromSeconds(seconds)), (result.Requests, result.MinimumDuration));
    }

    [Fact]
    public async Task A_source_that_breaks_off_is_a_failure_with_what_was_read_before_it()
    {
        var (result, findings) = await TestAsync("user_id,v\n1,a\n,b\n2,\"c\n");

        Assert.Equal((2L, 1L, 1L, false), (result.Read, result.Rejected, result.WouldSend, result.Passed));
        Assert.Contains("line 4: a quoted field is not closed", result.Failure, StringComparison.Ordinal);
        Assert.Equal([DataFindingKind.BlankKey, DataFindingKind.UnreadableSource], findings.Select(finding => finding.Kind));
        Assert.Equal(2, result.Findings);
    }

    [Fact]
    public async Task The_summary_has_a_line_for_each_kind_with_the_first_of_them_even_when_no_finding_is_wanted()
    {
        var (result, findings) = await InspectedFile.TestAsync("a.csv", Encoding.UTF8.GetBytes("user_id,v\n1\n,a\n2\n2,x\n2,y\n"), isDetailed: false);

        Assert.Empty(findings);
        Assert.Equal((1L, 2L, 1L, 1L), (result.BlankKeys, result.RaggedRows, result.Duplicates, result.Warnings));
        Assert.Equal(
            ["BlankKey (1): line 3: the primary key is empty", "RaggedRow (2): the first, line 2: the line has 1 fields, the header 2", "DuplicateKey (1): line 6: the key \"2\" is that of line 5 too, whose record it replaces"],
            result.Summary);
    }

    private static Task<(DataTestResult Result, List<DataFinding> Findings)> TestAsync(
        string text, string file = "a.csv", FileLayout? layout = null, int batchSize = 5000, double requestsPerSecond = 5) =>
        InspectedFile.TestAsync(file, Encoding.UTF8.GetBytes(text), layout, batchSize: batchSize, requestsPerSecond: requestsPerSecond);
}
