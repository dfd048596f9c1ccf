using System.IO.Compression;
using System.Text;
using OptimoveDC.Core.Records.Files;
using OptimoveDC.Core.Tests.Service;

namespace OptimoveDC.Core.Tests.Records;

/// <summary>What stands in a CSV file arrives, character for character.</summary>
public sealed class CsvValueTests
{
    [Theory]
    [InlineData("007", "\"007\"")]
    [InlineData("1e5", "\"1e5\"")]
    [InlineData("true", "\"true\"")]
    [InlineData(" x ", "\" x \"")]
    [InlineData("2026-01-02", "\"2026-01-02\"")]
    [InlineData("", "\"\"")]
    [InlineData("\"\"", "\"\"")]
    [InlineData("\"a,b\"", "\"a,b\"")]
    [InlineData("\"say \"\"hi\"\"\"", "\"say \\\"hi\\\"\"")]
    [InlineData("\"two\nlines\"", "\"two\\nlines\"")]
    [InlineData("\"two\r\nlines\"", "\"two\\r\\nlines\"")]
    [InlineData("inch\"mark", "\"inch\\\"mark\"")]
    [InlineData("back\\slash", "\"back\\\\slash\"")]
    [InlineData("tab\there", "\"tab\\there\"")]
    [InlineData("Köln 東京 😀", "\"Köln 東京 😀\"")]
    [InlineData("#not a comment", "\"#not a comment\"")]
    [InlineData("null", "\"null\"")]
    [InlineData("<b>&'</b>", "\"<b>&'</b>\"")]
    public async Task Text_stays_the_text_it_is(string field, string json)
    {
        await using var account = EmulatedAccount.Open();
        var report = await account.LoadCsvAsync(Utf8($"user_id,value\nk,{field}\n"));

        Assert.True(report.Result.Completed);
        JsonAssert.Equal($$"""{"user_id":"k","value":{{json}}}""", Assert.Single(account.Connection.Records).Json);
    }

    [Theory]
    [InlineData(ColumnType.Number, "1.50", "1.50")]
    [InlineData(ColumnType.Number, "1e5", "1e5")]
    [InlineData(ColumnType.Number, "-0", "-0")]
    [InlineData(ColumnType.Number, "123456789012345678901234567890.123", "123456789012345678901234567890.123")]
    [InlineData(ColumnType.Boolean, "TRUE", "true")]
    [InlineData(ColumnType.Boolean, "False", "false")]
    [InlineData(ColumnType.Json, "\"{\"\"a\"\":[1,2.50]}\"", "{\"a\":[1,2.50]}")]
    [InlineData(ColumnType.Json, "null", "null")]
    public async Task A_typed_column_is_sent_as_asked_with_its_digits(ColumnType type, string field, string json)
    {
        await using var account = EmulatedAccount.Open();
        await account.LoadCsvAsync(Utf8($"user_id,value\nk,{field}\n"), Layout(type));

        Assert.Equal($$"""{"user_id":"k","value":{{json}}}""", Assert.Single(account.Connection.Records).Json);
    }

    [Theory]
    [InlineData(ColumnType.Number, "007", "not a JSON number")]
    [InlineData(ColumnType.Number, "1,5", "fields")]
    [InlineData(ColumnType.Number, "\"1,5\"", "not a JSON number")]
    [InlineData(ColumnType.Number, " 1", "not a JSON number")]
    [InlineData(ColumnType.Number, "", "-EmptyValue")]
    [InlineData(ColumnType.Boolean, "yes", "neither true nor false")]
    [InlineData(ColumnType.Boolean, "1", "neither true nor false")]
    [InlineData(ColumnType.Boolean, " true", "neither true nor false")]
    [InlineData(ColumnType.Json, "{a:1}", "not JSON")]
    [InlineData(ColumnType.Json, "1 2", "not JSON")]
    [InlineData(ColumnType.Json, "\"{\"\"a\"\":1,\"\"a\"\":2}\"", "not JSON")]
    public async Task A_value_that_does_not_fit_its_type_is_a_reject_and_never_a_guess(ColumnType type, string field, string reason)
    {
        await using var account = EmulatedAccount.Open();
        var report = await account.LoadCsvAsync(Utf8($"user_id,value\ngood,\"1\"\nk,{field}\n"), Layout(type));

        var rejection = report.Rejections.Single(candidate => candidate.Line == 3);
        Assert.Contains(reason, rejection.Reason, StringComparison.Ordinal);
        Assert.Contains("\"user_id\":\"k\"", rejection.Record, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(EmptyValue.Text, """{"user_id":"k","a":"","b":"x"}""")]
    [InlineData(EmptyValue.Null, """{"user_id":"k","a":null,"b":"x"}""")]
    [InlineData(EmptyValue.Omit, """{"user_id":"k","b":"x"}""")]
    public async Task An_empty_field_is_sent_as_asked(EmptyValue emptyValue, string json)
    {
        await using var account = EmulatedAccount.Open();
        await account.LoadCsvAsync(Utf8("user_id,a,b\nk,,x\n"), new FileLayout { KeyProperty = "user_id", EmptyValue = emptyValue });

        Assert.Equal(json, Assert.Single(account.Connection.Records).Json);
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    public async Task A_byte_order_mark_names_the_encoding_and_is_no_part_of_the_first_column(string encodingName)
    {
        var encoding = Encoding.GetEncoding(encodingName);
        await using var account = EmulatedAccount.Open();
        await account.LoadCsvAsync([.. encoding.GetPreamble(), .. encoding.GetBytes("user_id,city\n1,Łódź 😀\n")]);

        JsonAssert.Equal("""{"user_id":"1","city":"Łódź 😀"}""", Assert.Single(account.Connection.Records).Json);
    }

    [Fact]
    public async Task A_gzip_file_is_unpacked_whatever_its_name()
    {
        var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(Utf8("\uFEFFuser_id,city\n1,Köln\n"), TestContext.Current.CancellationToken);
        }

        await using var account = EmulatedAccount.Open();
        await account.LoadCsvAsync(packed.ToArray());

        Assert.Equal("""{"user_id":"1","city":"Köln"}""", Assert.Single(account.Connection.Records).Json);
    }

    [Theory]
    [InlineData("user_id,v\r\n1,a\r\n2,b\r\n")]
    [InlineData("user_id,v\n1,a\n2,b")]
    [InlineData("user_id,v\r1,a\r2,b\r")]
    [InlineData("user_id,v\n\n1,a\n\n\n2,b\n\n")]
    public async Task Every_line_ending_is_one_and_blank_lines_are_no_records(string text)
    {
        await using var account = EmulatedAccount.Open();
        var report = await account.LoadCsvAsync(Utf8(text));

        Assert.Equal(2, report.Result.Read);
        Assert.Equal(["""{"user_id":"1","v":"a"}""", """{"user_id":"2","v":"b"}"""], account.Connection.Records.Select(record => record.Json));
    }

    [Fact]
    public async Task The_key_column_is_found_whatever_its_case_and_place_and_its_name_is_sent_as_it_stands()
    {
        await using var account = EmulatedAccount.Open(primaryKey: "User_ID");
        await account.LoadCsvAsync(Utf8("city,User_ID\nKöln,7\n"));

        Assert.Equal("""{"city":"Köln","User_ID":"7"}""", Assert.Single(account.Connection.Records).Json);
    }

    private static FileLayout Layout(ColumnType type) => new()
    {
        KeyProperty = "user_id",
        ColumnTypes = new Dictionary<string, ColumnType> { ["value"] = type },
    };

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
