using System.Text;
using OptimoveDC.Core.Records;
using OptimoveDC.Core.Records.Files;
using OptimoveDC.Core.Tests.Records.Inspection;
using OptimoveDC.Core.Tests.Service;

namespace OptimoveDC.Core.Tests.Records.Sources;

/// <summary>Files that wear, programs and people made worse than a fuzzer finds by chance.</summary>
public sealed class HostileSourceTests
{
    private static readonly byte[] Packed = SourceCase.Gzip(SourceCase.Utf8("user_id,v\n1,a\n2,b\n3,c\n"));

    [Fact]
    public async Task A_gzip_file_cut_at_any_byte_is_refused_and_completes_nothing()
    {
        for (var length = 1; length < Packed.Length; length++)
        {
            await using var account = EmulatedAccount.Open();
            var (_, refusal) = await LoadAsync(account, "a.csv.gz", Packed[..length]);

            Assert.True(refusal is not null, $"Cut to {length} bytes of {Packed.Length} it was imported.");
            Assert.Empty(account.Connection.Records);
        }
    }

    [Theory]
    [InlineData(-8)]
    [InlineData(-5)]
    [InlineData(-4)]
    [InlineData(-1)]
    public async Task A_gzip_file_with_another_checksum_or_length_is_refused(int place)
    {
        var wrong = Packed.ToArray();
        wrong[wrong.Length + place] ^= 0x10;
        await using var account = EmulatedAccount.Open();
        var (_, refusal) = await LoadAsync(account, "a.csv.gz", wrong);

        Assert.Contains("a.csv.gz", refusal!.Message, StringComparison.Ordinal);
        Assert.Empty(account.Connection.Records);
    }

    [Fact]
    public async Task Damaged_gzip_data_is_refused_for_what_it_is_whatever_it_does_to_the_library()
    {
        var random = new Random(8);
        var values = Enumerable.Range(0, 300).Select(_ => random.Next()).ToList();
        var large = SourceCase.Gzip(SourceCase.Utf8("user_id,v\n" + string.Concat(values.Select((value, n) => $"{n},{value}\n"))));
        await using var account = EmulatedAccount.Open();
        var refused = 0;
        for (var round = 0; round < 500; round++)
        {
            var damaged = large.ToArray();
            damaged[random.Next(10, damaged.Length - 8)] ^= (byte)(1 << random.Next(8));
            var (report, refusal) = await LoadAsync(account, "a.csv.gz", damaged);

            if (report?.Result.Completed != true)
            {
                Assert.NotNull(refusal);
                refused++;
                continue;
            }

            // The last byte of the data has bits that mean nothing.
            Assert.Equal(300, account.Connection.Records.Count);
            Assert.All(values.Select((value, n) => $"{{\"user_id\":\"{n}\",\"v\":\"{value}\"}}"), (json, n) => JsonAssert.Equal(json, account.Connection.Find($"\"{n}\"")!.Json));
        }

        Assert.InRange(refused, 490, 500);
    }

    [Fact]
    public async Task Ten_thousand_columns_arrive_each_with_its_own_value()
    {
        var columns = Enumerable.Range(0, 10_000).ToList();
        var text = $"user_id,{string.Join(',', columns.Select(n => $"c{n}"))}\n1,{string.Join(',', columns)}\n";
        await using var account = EmulatedAccount.Open();
        var (report, _) = await LoadAsync(account, "a.csv", SourceCase.Utf8(text));

        Assert.Equal((1L, true), (report!.Result.Sent, report.Result.Completed));
        JsonAssert.Equal($"{{\"user_id\":\"1\",{string.Join(',', columns.Select(n => $"\"c{n}\":\"{n}\""))}}}", account.Connection.Records.Single().Json);
    }

    [Theory]
    [InlineData("a.json")]
    [InlineData("a.ndjson")]
    public async Task A_name_that_comes_twice_is_found_among_any_number_of_names(string file)
    {
        var fields = string.Join(',', Enumerable.Range(0, 12_000).Select(n => $"\"f{n}\":{n}"));
        string[] records = [$"{{\"user_id\":\"1\",{fields}}}", $"{{\"user_id\":\"2\",{fields},\"f11999\":0}}", $"{{\"user_id\":\"3\",\"o\":{{{fields},\"f11999\":0}}}}"];
        var text = file == "a.json" ? $"[{string.Join(",\n", records)}]" : string.Join('\n', records);
        await using var account = EmulatedAccount.Open();
        var (report, _) = await LoadAsync(account, file, SourceCase.Utf8(text));

        Assert.Equal([(2L, "it has the field 'f11999' twice"), (3L, "an object in it has the field 'f11999' twice")], report!.Rejections.Select(rejection => (rejection.Line, rejection.Reason)));
        Assert.All(report.Rejections, rejection => Assert.Null(rejection.StatusCode));
        JsonAssert.Equal(records[0], account.Connection.Records.Single().Json);
    }

    [Theory]
    [InlineData(499, null)]
    [InlineData(501, "deep")]
    [InlineData(1_000_000, "deep")]
    public async Task Nesting_is_read_to_a_depth_and_refused_beyond_it(int depth, string? reason)
    {
        var record = $"{{\"user_id\":\"1\",\"v\":{new string('[', depth)}{new string(']', depth)}}}";
        var (_, findings) = await InspectedFile.TestAsync("a.ndjson", SourceCase.Utf8($"{{\"user_id\":\"0\"}}\n{record}\n{{\"user_id\":\"2\"}}\n"));
        var rejects = findings.Where(finding => finding.IsReject).ToList();
        Assert.Equal(reason is null ? [] : [2L], rejects.Select(reject => reject.Line!.Value));

        var (test, _) = await InspectedFile.TestAsync("a.json", SourceCase.Utf8($"[{{\"user_id\":\"0\"}},\n{record}]"));
        Assert.Equal(reason is null, test.Failure is null);
        Assert.Contains(reason is null ? "" : "line 2", test.Failure ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1e999")]
    [InlineData("-1e-999")]
    [InlineData("1E+2147483648")]
    [InlineData("1e99999999999999999999")]
    [InlineData("-0.0")]
    [InlineData("123456789012345678901234567890.123456789012345678901234567890")]
    public async Task Numbers_beyond_a_double_arrive_with_all_their_digits_as_values_and_as_keys(string number)
    {
        await using var account = EmulatedAccount.Open();
        await LoadAsync(account, "a.ndjson", SourceCase.Utf8($"{{\"user_id\":\"1\",\"v\":{number},\"o\":[{number}]}}\n{{\"user_id\":{number}}}\n"));
        var csv = await LoadAsync(account, "a.csv", SourceCase.Utf8($"user_id,v\n2,{number}\n"), new FileLayout { KeyProperty = "user_id", ColumnTypes = new Dictionary<string, ColumnType> { ["v"] = ColumnType.Number } });

        Assert.True(csv.Report!.Result.Completed);
        Assert.Equal(
            [$$"""{"user_id":"1","v":{{number}},"o":[{{number}}]}""", $$"""{"user_id":{{number}}}""", $$"""{"user_id":"2","v":{{number}}}"""],
            account.Connection.Records.Select(record => record.Json));
    }

    [Fact]
    public async Task A_number_of_a_million_digits_is_a_key_like_any_other()
    {
        var digits = new string('7', 1_000_000) + ".5e3";
        await using var account = EmulatedAccount.Open();
        var (report, _) = await LoadAsync(account, "a.ndjson", SourceCase.Utf8($"{{\"user_id\":{digits}}}\n{{\"user_id\":{digits}}}\n"));

        Assert.Equal((1L, 1L, true), (report!.Result.Sent, report.Result.Skipped, report.Result.Completed));
        Assert.Equal($"{{\"user_id\":{digits}}}", account.Connection.Records.Single().Json);
    }

    [Theory]
    [InlineData("sep=;\ruser_id;v\n1;a\n", """{"user_id":"1","v":"a"}""", null)]
    [InlineData("sep=;\ruser_id;v\r1;a\r", """{"user_id":"1","v":"a"}""", null)]
    [InlineData("sep=\"\nuser_id,v\n1,a\n", null, "the columns are 'sep=\"'")]
    [InlineData("sep=\r\nuser_id,v\n1,a\n", null, "the columns are 'sep='")]
    [InlineData("sep=\n\nuser_id,v\n1,a\n", null, "the columns are 'sep='")]
    public async Task A_line_that_names_the_separator_ends_where_it_ends_and_names_what_can_be_one(string text, string? arrives, string? reason)
    {
        await using var account = EmulatedAccount.Open();
        var (_, refusal) = await LoadAsync(account, "a.csv", SourceCase.Utf8(text));

        Assert.Contains(reason ?? "", refusal?.Message ?? "", StringComparison.Ordinal);
        Assert.Equal(arrives is null ? [] : [arrives], account.Connection.Records.Select(record => record.Json));
    }

    [Fact]
    public async Task Bytes_that_are_no_text_behind_a_line_that_names_the_separator_are_refused()
    {
        byte[] bytes = [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("sep=;\nuser_id;v\n1;"), 0x3D, 0xD8, .. Encoding.Unicode.GetBytes("\n")];
        await using var account = EmulatedAccount.Open();
        var (_, refusal) = await LoadAsync(account, "a.csv", bytes);

        Assert.Contains("no text in the encoding utf-16", refusal!.Message, StringComparison.Ordinal);
        Assert.Equal(3, refusal.Line);
    }

    [Fact]
    public async Task Names_with_half_a_character_reject_their_record_wherever_they_stand_and_are_kept_as_they_are()
    {
        string[] bad = ["""{"user_id":"1","\ud800":0}""", """{"user_id":"2","o":{"\ud800":1,"\u0061":2}}""", """{"\udc00":1,"\udc00":2}"""];
        await using var account = EmulatedAccount.Open();
        using var folder = new Resuming.ScratchFolder();
        using var rejects = new Core.Loading.Rejects.RejectFile(folder.PathOf("rejects.ndjson"), continues: false);
        var (report, _) = await LoadAsync(account, "a.ndjson", SourceCase.Utf8(string.Join('\n', bad)), plan: account.UploadPlan() with { RejectFile = rejects });

        Assert.Equal([1L, 2L, 3L], report!.Rejections.Select(rejection => rejection.Line));
        rejects.Dispose();
        var kept = await File.ReadAllLinesAsync(folder.PathOf("rejects.ndjson"), TestContext.Current.CancellationToken);
        Assert.All(bad.Zip(kept), pair => Assert.StartsWith(pair.First[..^1], pair.Second, StringComparison.Ordinal));
        using var again = new Core.Loading.Rejects.RejectFile(folder.PathOf("rejects.ndjson"), continues: true);
    }

    [Theory]
    [InlineData("\uFFFE")]
    [InlineData("a\uFFFF")]
    [InlineData("\uFDD0")]
    [InlineData("\U0001FFFE")]
    [InlineData("\u0378")]
    public async Task A_key_of_what_is_no_character_is_tested_and_arrives(string key)
    {
        var bytes = SourceCase.Utf8($"user_id,v\n{key},a\n{key}x,b\n{key},c\n");
        var (test, _) = await InspectedFile.TestAsync("a.csv", bytes);
        Assert.Equal((3L, 2L, null), (test.Read, test.DistinctKeys, test.Failure));

        await using var account = EmulatedAccount.Open();
        await LoadAsync(account, "a.csv", bytes);
        JsonAssert.Equal($"{{\"user_id\":\"{key}\",\"v\":\"c\"}}", account.Connection.Records.Single(record => record.Json.Contains("\"c\"", StringComparison.Ordinal)).Json);
    }

    private static async Task<(Core.Loading.LoadReport? Report, SourceException? Refusal)> LoadAsync(
        EmulatedAccount account, string name, byte[] bytes, FileLayout? layout = null, Core.Loading.LoadPlan? plan = null)
    {
        try
        {
            var report = await account.LoadFileAsync(name, bytes, layout, plan);
            Assert.Equal(report.Result.Read, report.Result.Sent + report.Result.Rejected + report.Result.Skipped + report.Result.Unknown + report.Result.NotSent);
            return (report, report.Failure as SourceException);
        }
        catch (SourceException exception)
        {
            return (null, exception);
        }
    }
}
