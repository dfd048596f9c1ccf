using System.Text;
using System.Text.Json;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Records.Files;
using OptimoveDC.Core.Tests.Service;

namespace OptimoveDC.Core.Tests.Records.Sources;

/// <summary>
/// Files as they were published (see tests/data/README.md) arrive value for value, by the account of readers that
/// share nothing with the product: the state machine beside this file, and JsonDocument.
/// </summary>
public sealed class PublicDataTests
{
    [Theory]
    [InlineData("countries.csv", "Code", 252, 0)]
    [InlineData("elements.csv", "atomicNumber", 118, 0)]
    [InlineData("seattle-weather.csv", "date", 1461, 0)]
    [InlineData("us-employment.csv", "month", 120, 0)]
    [InlineData("gapminder-health-income.csv", "country", 187, 0)]
    [InlineData("unemployment.tsv", "id", 3218, 0)]
    [InlineData("zones.tsv", "TZ", 201, 111)]
    [InlineData("debian-releases.csv", "series", 7, 15)]
    [InlineData("spectrum-comma_in_quotes.csv", "zip", 1, 0)]
    [InlineData("spectrum-escaped_quotes.csv", "a", 2, 0)]
    [InlineData("spectrum-json.csv", "key", 1, 0)]
    [InlineData("spectrum-newlines_crlf.csv", "a", 3, 0)]
    [InlineData("spectrum-quotes_and_newlines.csv", "a", 2, 0)]
    [InlineData("spectrum-utf8.csv", "c", 2, 0)]
    public async Task Delimited_text_arrives_value_for_value(string file, string key, int records, int ragged)
    {
        var bytes = await File.ReadAllBytesAsync(PathOf(file), TestContext.Current.CancellationToken);
        var rows = IndependentCsv.Read(new UTF8Encoding(false, true).GetString(bytes), file.EndsWith(".tsv", StringComparison.Ordinal) ? '\t' : ',');
        var header = rows[0].Fields;
        var good = rows.Skip(1).Where(row => row.Fields.Count == header.Count).ToList();
        Assert.Equal((records, ragged), (good.Count, rows.Count - 1 - good.Count));

        await using var account = EmulatedAccount.Open(primaryKey: key);
        var report = await LoadAsync(account, file, key);

        Assert.Equal(rows.Skip(1).Where(row => row.Fields.Count != header.Count).Select(row => row.Line), report.Rejections.Select(rejection => rejection.Line));
        Assert.Equal((good.Count, good.Count), ((int)(report.Result.Sent + report.Result.Skipped), account.Connection.Records.Count));
        foreach (var (_, fields) in good)
        {
            var arrived = JsonDocument.Parse(account.Connection.Find(JsonSerializer.Serialize(fields[header.IndexOf(key)], Relaxed))!.Json).RootElement;
            Assert.Equal(header, arrived.EnumerateObject().Select(field => field.Name));
            Assert.Equal(fields, arrived.EnumerateObject().Select(field => field.Value.GetString()));
        }
    }

    [Theory]
    [InlineData("capitals.json", "country", 245)]
    [InlineData("airports.json", "iata", 300)]
    [InlineData("language-subtags.json", "Subtag", 400)]
    [InlineData("emoji.json", "hexcode", 500)]
    [InlineData("penguins.json", "Body Mass (g)", 344)]
    [InlineData("us-state-capitals.json", "state", 50)]
    public async Task JSON_arrives_value_for_value_with_every_digit(string file, string key, int records)
    {
        var elements = JsonDocument.Parse(await File.ReadAllBytesAsync(PathOf(file), TestContext.Current.CancellationToken)).RootElement.EnumerateArray().ToList();
        Assert.Equal(records, elements.Count);
        var good = elements.Where(element => element.GetProperty(key).ValueKind != JsonValueKind.Null).ToList();

        await using var account = EmulatedAccount.Open(primaryKey: key);
        var report = await LoadAsync(account, file, key);

        Assert.Equal(elements.Count - good.Count, report.Rejections.Count);
        Assert.All(report.Rejections, rejection => Assert.Equal("the primary key is null", rejection.Reason));
        var last = good.GroupBy(element => element.GetProperty(key).GetRawText()).ToDictionary(group => group.Key, group => group.Last());
        Assert.Equal((good.Count, last.Count), ((int)(report.Result.Sent + report.Result.Skipped), account.Connection.Records.Count));
        foreach (var (_, element) in last)
        {
            var raw = element.GetProperty(key).ValueKind == JsonValueKind.String ? JsonSerializer.Serialize(element.GetProperty(key).GetString(), Relaxed) : element.GetProperty(key).GetRawText();
            var arrived = JsonDocument.Parse(account.Connection.Find(raw)!.Json).RootElement;
            Assert.Equal(element.EnumerateObject().Select(Describe), arrived.EnumerateObject().Select(Describe));
        }
    }

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static async Task<LoadReport> LoadAsync(EmulatedAccount account, string file, string key) =>
        await account.LoadAsync(account.UploadPlan(), await RecordFile.OpenAsync(PathOf(file), new FileLayout { KeyProperty = key }, CancellationToken.None));

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "data", file);

    // A number by its digits, all else by what it means.
    private static string Describe(JsonProperty field) => $"{field.Name} {Describe(field.Value)}";

    private static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => $"[{string.Join(',', value.EnumerateArray().Select(Describe))}]",
        JsonValueKind.Object => $"{{{string.Join(',', value.EnumerateObject().Select(Describe))}}}",
        JsonValueKind.String => $"'{value.GetString()}'",
        _ => value.GetRawText(),
    };
}
