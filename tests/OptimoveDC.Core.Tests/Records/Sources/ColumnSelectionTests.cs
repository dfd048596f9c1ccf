using System.Text;
using OptimoveDC.Core.Records;
using OptimoveDC.Core.Records.Files;
using OptimoveDC.Core.Tests.Service;

namespace OptimoveDC.Core.Tests.Records.Sources;

/// <summary>Which columns are sent, under which names: the same for files with a header and without.</summary>
public sealed class ColumnSelectionTests
{
    private static readonly FileLayout All = new() { KeyProperty = "id" };

    public static TheoryData<string> Forms() => ["a.csv", "a.json", "a.ndjson"];

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Only_the_columns_asked_for_are_sent_and_the_key_with_them(string file) =>
        Assert.Equal("""{"id":"1","b":"y"}""", await LoadOneAsync(file, All with { Properties = ["b"] }));

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Columns_are_found_whatever_their_case(string file) =>
        Assert.Equal("""{"id":"1","b":"y"}""", await LoadOneAsync(file, All with { KeyProperty = "ID", Properties = ["B"] }));

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Excluded_columns_are_not_sent_even_when_asked_for(string file) =>
        Assert.Equal("""{"id":"1","b":"y"}""", await LoadOneAsync(file, All with { Properties = ["a", "b"], ExcludeProperties = ["a"] }));

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task A_renamed_column_is_sent_under_its_new_name_and_keeps_its_place_and_type(string file) =>
        Assert.Equal("""{"id":"1","amount":1.50,"b":"y"}""", await LoadOneAsync(file, All with { PropertyMap = Map("a", "amount"), ColumnTypes = new Dictionary<string, ColumnType> { ["a"] = ColumnType.Number } }));

    [Theory]
    [InlineData("a.csv", "id")]
    [InlineData("a.csv", "user_id")]
    [InlineData("a.json", "id")]
    [InlineData("a.json", "user_id")]
    [InlineData("a.ndjson", "id")]
    [InlineData("a.ndjson", "USER_ID")]
    public async Task The_key_goes_by_its_name_in_the_source_or_by_the_one_it_is_sent_under(string file, string key) =>
        Assert.Equal("""{"user_id":"1","a":"1.50","b":"y"}""", await LoadOneAsync(file, All with { KeyProperty = key, PropertyMap = Map("id", "user_id") }, "user_id"));

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Two_columns_may_change_names(string file) =>
        Assert.Equal("""{"id":"1","b":"1.50","a":"y"}""", await LoadOneAsync(file, All with { PropertyMap = new Dictionary<string, string> { ["a"] = "b", ["b"] = "a" } }));

    [Fact]
    public async Task A_column_that_stands_in_for_the_key_is_the_key_once_the_one_of_that_name_is_left_out()
    {
        var layout = All with { PropertyMap = Map("a", "id"), ExcludeProperties = ["id"] };

        Assert.Equal("""{"id":"1.50","b":"y"}""", await LoadOneAsync("a.csv", layout));
        Assert.Equal("""{"id":"1.50","b":"y"}""", await LoadOneAsync("a.json", layout));
    }

    [Fact]
    public async Task A_key_that_could_be_two_columns_is_refused()
    {
        var layout = All with { PropertyMap = Map("a", "id") };

        var refusal = await Assert.ThrowsAsync<SourceException>(() => LoadOneAsync("a.csv", layout));
        Assert.Contains("-KeyProperty 'id' could be the column of that name or the column 'a'", refusal.Message, StringComparison.Ordinal);
        await using var account = EmulatedAccount.Open(primaryKey: "id");
        var rejection = Assert.Single((await account.LoadFileAsync("a.json", Content("a.json"), layout)).Rejections);
        Assert.Contains("would both be sent as 'id'", rejection.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-Property names the column 'c', which is not there; the columns are 'id', 'a', 'b'", "c", null, null)]
    [InlineData("-ExcludeProperty names the column 'c', which is not there", null, "c", null)]
    [InlineData("-PropertyMap names the column 'c', which is not there", null, null, "c")]
    public async Task A_column_that_a_header_lacks_is_refused_by_the_parameter_that_names_it(string reason, string? wanted, string? unwanted, string? renamed)
    {
        var layout = All with
        {
            Properties = wanted is null ? null : [wanted],
            ExcludeProperties = unwanted is null ? [] : [unwanted],
            PropertyMap = renamed is null ? Map("a", "z") : Map(renamed, "z"),
        };

        Assert.Contains(reason, (await Assert.ThrowsAsync<SourceException>(() => LoadOneAsync("a.csv", layout))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_name_that_another_column_has_is_refused_and_a_type_by_the_new_name_is_told_the_old_one()
    {
        var twice = await Assert.ThrowsAsync<SourceException>(() => LoadOneAsync("a.csv", All with { PropertyMap = Map("a", "b") }));
        Assert.Contains("both named 'b'", twice.Message, StringComparison.Ordinal);

        var renamed = await Assert.ThrowsAsync<SourceException>(() => LoadOneAsync(
            "a.csv", All with { PropertyMap = Map("a", "z"), ColumnTypes = new Dictionary<string, ColumnType> { ["z"] = ColumnType.Number } }));
        Assert.Contains("-PropertyMap renames 'a' to 'z': columns go by their names in the source", renamed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Columns_that_are_left_out_may_lack_a_name_or_share_one()
    {
        await using var account = EmulatedAccount.Open(primaryKey: "id");
        await account.LoadFileAsync("a.csv", Encoding.UTF8.GetBytes(",id,x,x,b\n0,1,2,3,y\n"), All with { Properties = ["b"] });

        Assert.Equal("""{"id":"1","b":"y"}""", Assert.Single(account.Connection.Records).Json);
    }

    [Fact]
    public async Task What_no_JSON_record_has_is_remarked_on_at_the_end()
    {
        await using var account = EmulatedAccount.Open(primaryKey: "id");
        var path = Path.GetTempFileName();
        await File.WriteAllBytesAsync(path, Content("a.json"), TestContext.Current.CancellationToken);
        await using var source = await RecordFile.OpenAsync(path, All with { Properties = ["b", "amuont"] }, TestContext.Current.CancellationToken);
        await account.LoadAsync(account.UploadPlan(), source);
        File.Delete(path);

        Assert.Equal("No record had the field 'amuont', which a parameter names. Is the name right?", Assert.Single(source.Remarks));
    }

    [Theory]
    [InlineData("-ExcludeProperty names the primary key 'id'", null, "id", null)]
    [InlineData("-Property names no column", "", null, null)]
    [InlineData("sends 'a' and 'b' as 'c'", null, null, "c")]
    public void A_layout_that_contradicts_itself_is_refused_before_a_file_is_opened(string reason, string? wanted, string? unwanted, string? newName)
    {
        var layout = All with
        {
            Properties = wanted is null ? null : [],
            ExcludeProperties = unwanted is null ? [] : [unwanted],
            PropertyMap = newName is null ? Map("x", "y") : new Dictionary<string, string> { ["a"] = newName, ["b"] = newName },
        };

        Assert.Contains(reason, Assert.Throws<ArgumentException>(layout.Validate).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task The_first_records_are_a_trial(string file)
    {
        await using var account = EmulatedAccount.Open(primaryKey: "id");
        var report = await account.LoadFileAsync(file, Content(file, records: 9), All with { First = 4 });

        Assert.Equal((4L, 4L, true), (report.Result.Read, report.Result.Sent, report.Result.Completed));
    }

    private static async Task<string> LoadOneAsync(string file, FileLayout layout, string key = "id")
    {
        await using var account = EmulatedAccount.Open(primaryKey: key);
        var report = await account.LoadFileAsync(file, Content(file), layout);
        Assert.Empty(report.Rejections);
        return Assert.Single(account.Connection.Records).Json;
    }

    private static byte[] Content(string file, int records = 1)
    {
        var rows = Enumerable.Range(1, records).ToList();
        return Encoding.UTF8.GetBytes(file switch
        {
            "a.csv" => "id,a,b\n" + string.Concat(rows.Select(row => $"{row},1.50,y\n")),
            "a.json" => $"[{string.Join(',', rows.Select(Object))}]",
            _ => string.Concat(rows.Select(row => Object(row) + "\n")),
        });

        static string Object(int row) => $$"""{"id":"{{row}}","a":"1.50","b":"y"}""";
    }

    private static Dictionary<string, string> Map(string name, string newName) => new() { [name] = newName };
}
