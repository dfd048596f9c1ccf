using System.Text;
using OptimoveDC.Core.Records;
using OptimoveDC.Core.Records.Files;
using OptimoveDC.Core.Tests.Service;

namespace OptimoveDC.Core.Tests.Records.Sources;

/// <summary>What stands in a JSON file is sent as it stands.</summary>
public sealed class JsonValueTests
{
    [Theory]
    [InlineData("1.50")]
    [InlineData("1e400")]
    [InlineData("-0")]
    [InlineData("-0.0E-17")]
    [InlineData("123456789012345678901234567890.10")]
    [InlineData("\"\"")]
    [InlineData("\"caf\\u00e9 \\/ \\u0000\"")]
    [InlineData("true")]
    [InlineData("null")]
    [InlineData("[1.0,[],{}]")]
    [InlineData("{\"a\":{\"b\":[{\"c\":1.10}]},\"d\":\"x y\"}")]
    public async Task A_value_is_sent_as_the_very_bytes_it_is(string value)
    {
        var options = new OptimoveDC.Emulator.EmulatorOptions { KeepBodies = true };
        await using var account = EmulatedAccount.Open(options);
        await account.LoadFileAsync("a.ndjson", Utf8($"{{ \"user_id\" : \"k\" , \"v\" : {value} }}\n"));

        Assert.Contains($"[{{\"user_id\":\"k\",\"v\":{value}}}]", account.Server.Service.Requests[^1].BodyText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_over_several_lines_is_sent_on_one()
    {
        var options = new OptimoveDC.Emulator.EmulatorOptions { KeepBodies = true };
        await using var account = EmulatedAccount.Open(options);
        await account.LoadFileAsync("a.json", Utf8("[\n{\n\"user_id\": \"k\",\n\"v\": {\r\n  \"a b\": [ 1,\n 2 ],\n \"c\": \"x \\\" y\" }\n}\n]"));

        Assert.Contains("""[{"user_id":"k","v":{"a b":[1,2],"c":"x \" y"}}]""", account.Server.Service.Requests[^1].BodyText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ColumnType.Number, "\"1.50\"", "1.50")]
    [InlineData(ColumnType.Number, "1e400", "1e400")]
    [InlineData(ColumnType.Number, "null", "null")]
    [InlineData(ColumnType.Text, "1.50", "\"1.50\"")]
    [InlineData(ColumnType.Text, "true", "\"true\"")]
    [InlineData(ColumnType.Boolean, "\"TRUE\"", "true")]
    [InlineData(ColumnType.Json, "\"[1,\\n2]\"", "[1,2]")]
    [InlineData(ColumnType.Json, "{\"a\":1}", "{\"a\":1}")]
    public async Task A_typed_column_holds_for_text_and_for_what_is_none(ColumnType type, string value, string sent)
    {
        await using var account = EmulatedAccount.Open();
        await account.LoadFileAsync("a.ndjson", Utf8($"{{\"user_id\":\"k\",\"v\":{value}}}\n"), Typed(type));

        Assert.Equal($"{{\"user_id\":\"k\",\"v\":{sent}}}", Assert.Single(account.Connection.Records).Json);
    }

    [Theory]
    [InlineData(ColumnType.Number, "\"1,5\"", "not a JSON number")]
    [InlineData(ColumnType.Number, "true", "column 'v' holds true or false, which is no Number")]
    [InlineData(ColumnType.Boolean, "1", "column 'v' holds a number, which is no Boolean")]
    [InlineData(ColumnType.Text, "[1]", "column 'v' holds a list, which is no Text")]
    public async Task What_does_not_fit_its_type_is_a_reject_that_shows_the_record(ColumnType type, string value, string reason)
    {
        await using var account = EmulatedAccount.Open();
        var report = await account.LoadFileAsync("a.ndjson", Utf8($"{{\"user_id\":\"k\",\"v\":{value},\"_optimove_reject\":{{}}}}\n"), Typed(type));

        var rejection = Assert.Single(report.Rejections);
        Assert.Contains(reason, rejection.Reason, StringComparison.Ordinal);
        Assert.Equal($"{{\"user_id\":\"k\",\"v\":{value}}}", rejection.Record);
    }

    [Theory]
    [InlineData(EmptyValue.Text, """{"user_id":"k","a":"","b":null}""")]
    [InlineData(EmptyValue.Null, """{"user_id":"k","a":null,"b":null}""")]
    [InlineData(EmptyValue.Omit, """{"user_id":"k","b":null}""")]
    public async Task An_empty_text_is_sent_as_asked_and_null_stays_null(EmptyValue emptyValue, string sent)
    {
        await using var account = EmulatedAccount.Open();
        await account.LoadFileAsync("a.ndjson", Utf8("{\"user_id\":\"k\",\"a\":\"\",\"b\":null}\n"), new FileLayout { KeyProperty = "user_id", EmptyValue = emptyValue });

        Assert.Equal(sent, Assert.Single(account.Connection.Records).Json);
    }

    [Theory]
    [InlineData("54490", "54490")]
    [InlineData("1.50", "1.50")]
    [InlineData("\"007\"", "\"007\"")]
    [InlineData("\"K\\u00f6ln\"", "\"Köln\"")]
    public async Task A_key_keeps_its_type(string value, string key)
    {
        await using var account = EmulatedAccount.Open();
        await account.LoadFileAsync("a.ndjson", Utf8($"{{\"user_id\":{value}}}\n"));

        Assert.Equal($"{{\"user_id\":{key}}}", Assert.Single(account.Connection.Records).Json);
    }

    [Fact]
    public async Task The_reason_in_a_mended_reject_file_is_left_out_and_a_column_that_only_looks_like_it_is_not()
    {
        await using var account = EmulatedAccount.Open();
        var name = RejectField.Name;
        await account.LoadFileAsync("rejects.ndjson", Utf8($"{{\"user_id\":\"1\",\"{name}\":{{\"reason\":\"x\",\"line\":7}}}}\n{{\"user_id\":\"2\",\"{name}\":\"y\"}}\n"));

        Assert.Equal(["""{"user_id":"1"}""", $"{{\"user_id\":\"2\",\"{name}\":\"y\"}}"], account.Connection.Records.Select(record => record.Json));
    }

    [Fact]
    public async Task Records_of_many_shapes_and_thousands_of_names_arrive_whole()
    {
        await using var account = EmulatedAccount.Open();
        var lines = Enumerable.Range(0, 30).Select(n => $"{{\"user_id\":\"{n}\"{string.Concat(Enumerable.Range(0, 500).Select(field => $",\"f{n}_{field}\":{field}"))}}}").ToList();
        await account.LoadFileAsync("a.ndjson", Utf8(string.Join('\n', lines)));

        Assert.Equal(lines, account.Connection.Records.Select(record => record.Json));
    }

    [Fact]
    public async Task A_record_longer_than_the_window_is_read_whole_from_a_list_and_from_a_line()
    {
        await using var account = EmulatedAccount.Open();
        var record = $"{{\"user_id\":\"1\",\"v\":\"{new string('x', 700_000)}\"}}";
        await account.LoadFileAsync("a.json", Utf8($"[{record}]"));
        await account.LoadFileAsync("a.ndjson", Utf8(record + "\n" + record.Replace("\"1\"", "\"2\"", StringComparison.Ordinal)));

        Assert.All(account.Connection.Records, stored => Assert.Equal(record.Length, stored.Json.Length));
        Assert.Equal(2, account.Connection.Records.Count);
    }

    private static FileLayout Typed(ColumnType type) => new() { KeyProperty = "user_id", ColumnTypes = new Dictionary<string, ColumnType> { ["v"] = type } };

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
