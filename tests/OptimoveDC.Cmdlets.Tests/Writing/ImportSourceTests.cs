using System.Text;
using OptimoveDC.Cmdlets.Tests.Hosting;

namespace OptimoveDC.Cmdlets.Tests.Writing;

/// <summary>Import-OptimoveData from the files that its users have, and with the columns that they want.</summary>
public sealed class ImportSourceTests
{
    private const string Import = "Import-OptimoveData -DataConnectionId $id -KeyProperty user_id ";

    [Fact]
    public async Task An_export_of_Excel_with_semicolons_in_windows_1252_arrives()
    {
        await using var shell = ConnectedShell.Open();
        using var folder = new TemporaryFolder();
        var path = folder.Write("kunden.csv", "");
        var ansi = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;
        await File.WriteAllBytesAsync(path, ansi.GetBytes("user_id;Name;Betrag;Notiz\r\n0000042;\"Müller; Söhne\";1.234,50;\"sagte \"\"ja\"\"\"\r\n0000043;Café €;7,00;\r\n"), TestContext.Current.CancellationToken);
        shell.Shell.Set("csv", path);

        Assert.Contains("-Delimiter", shell.Run(Import + "-Path $csv").LastError.ToString(), StringComparison.Ordinal);
        Assert.Contains("-Encoding", shell.Run(Import + "-Path $csv -Delimiter ';'").LastError.ToString(), StringComparison.Ordinal);
        shell.Run(Import + "-Path $csv -Delimiter ';' -Encoding windows-1252 -EmptyValue Null").EnsureSucceeded();

        Assert.Equal(
            ["""{"user_id":"0000042","Name":"Müller; Söhne","Betrag":"1.234,50","Notiz":"sagte \"ja\""}""", """{"user_id":"0000043","Name":"Café €","Betrag":"7,00","Notiz":null}"""],
            shell.Connection.Records.Select(record => record.Json));
    }

    [Theory]
    [InlineData("a.tsv", "user_id\tv\n1\tx\n", "")]
    [InlineData("a.txt", "user_id|v\n1|x\n", "-Delimiter '|'")]
    [InlineData("a.csv", "user_id\tv\n1\tx\n", "-Delimiter \"`t\"")]
    [InlineData("a.csv", "user_id\tv\n1\tx\n", "-Delimiter '\\t'")]
    [InlineData("a.json", "[{\"user_id\":\"1\",\"v\":\"x\"}]", "")]
    [InlineData("a.ndjson", "{\"user_id\":\"1\",\"v\":\"x\"}\n", "-Encoding ([System.Text.Encoding]::UTF8)")]
    [InlineData("a.ndjson", "{\"user_id\":\"1\",\"v\":\"x\"}\n", "-Encoding 65001")]
    [InlineData("a.csv", "user_id,v\n1,x\n", "-Encoding ascii")]
    public async Task Each_form_of_file_is_read_by_its_name_or_by_what_is_said_of_it(string file, string text, string arguments)
    {
        await using var shell = ConnectedShell.Open();
        using var folder = new TemporaryFolder();
        shell.Shell.Set("file", folder.Write(file, text));

        shell.Run(Import + "-Path $file " + arguments).EnsureSucceeded();

        Assert.Equal("""{"user_id":"1","v":"x"}""", Assert.Single(shell.Connection.Records).Json);
    }

    [Theory]
    [InlineData("-Delimiter ';;'", "is not one character")]
    [InlineData("-Delimiter '\"'", "can't stand between fields")]
    [InlineData("-Delimiter x", "can't stand between fields")]
    [InlineData("-Encoding klingon", "There is no encoding 'klingon'")]
    [InlineData("-Encoding utf-7", "UTF-7 is not read")]
    [InlineData("-First 0", "First")]
    [InlineData("-ColumnType @{ v = 'Money' }", "it can be Text, Number, Boolean, Json")]
    [InlineData("-PropertyMap @{ a = 'x'; b = 'x' }", "a record can't have a field twice")]
    [InlineData("-ExcludeProperty user_id", "no record can be sent without it")]
    public async Task An_argument_that_cannot_be_meant_is_refused_before_any_request(string arguments, string reason)
    {
        await using var shell = ConnectedShell.Open();

        var run = shell.Run("@{ user_id = 1; v = 1 } | " + Import + arguments);

        Assert.Contains(reason, run.LastError.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, shell.Server.Service.RequestCount);
    }

    [Fact]
    public async Task The_columns_of_pipeline_objects_are_chosen_renamed_and_typed_as_those_of_files()
    {
        await using var shell = ConnectedShell.Open();
        const string Options = "-Property a, tags -PropertyMap @{ a = 'amount'; Id = 'user_id' } -ColumnType @{ a = 'Number'; tags = 'Json' }";
        using var folder = new TemporaryFolder();
        shell.Shell.Set("csv", folder.Write("a.csv", "Id,a,tags,x\n1,1.50,[1],drop\n"));

        shell.Run("Import-OptimoveData -DataConnectionId $id -KeyProperty Id -Path $csv " + Options).EnsureSucceeded();
        shell.Run("[pscustomobject]@{ ID = '2'; A = '1.50'; tags = '[1]'; x = 'drop' }, @{ user_id = '3'; a = 7; _optimove_reject = @{ reason = 'x' } } | Import-OptimoveData -DataConnectionId $id -KeyProperty Id " + Options).EnsureSucceeded();

        Assert.Equal("""{"user_id":"1","amount":1.50,"tags":[1]}""", shell.Connection.Find("\"1\"")!.Json);
        Assert.Equal("""{"user_id":"2","amount":1.50,"tags":[1]}""", shell.Connection.Find("\"2\"")!.Json);
        JsonAssert.Equal("""{"user_id":"3","amount":7}""", shell.Connection.Find("\"3\"")!.Json);
    }

    [Fact]
    public async Task A_column_typed_as_text_is_text_whatever_it_was()
    {
        await using var shell = ConnectedShell.Open();

        shell.Run("[pscustomobject]@{ user_id = 42; zip = 1234; on = $true; v = $null } | " + Import + "-ColumnType @{ zip = 'Text'; on = 'Text'; user_id = 'Text'; v = 'Text' }").EnsureSucceeded();

        Assert.Equal("""{"user_id":"42","zip":"1234","on":"true","v":null}""", Assert.Single(shell.Connection.Records).Json);
    }

    [Fact]
    public async Task The_first_objects_of_the_pipeline_are_a_trial()
    {
        await using var shell = ConnectedShell.Open();

        var result = shell.Run("1..100 | ForEach-Object { @{ user_id = $_ } } | " + Import + "-First 7").Only<LoadResult>();

        Assert.Equal((7L, 7L, true), (result.Read, result.Sent, result.Completed));
    }

    [Theory]
    [InlineData("-Path $file")]
    [InlineData("-InputObject @{ user_id = '1'; v = 1 }")]
    public async Task A_column_that_no_record_had_is_a_warning(string source)
    {
        await using var shell = ConnectedShell.Open();
        using var folder = new TemporaryFolder();
        shell.Shell.Set("file", folder.Write("a.ndjson", "{\"user_id\":\"1\",\"v\":1}\n"));

        var run = shell.Run(Import + source + " -Property v, amuont").EnsureSucceeded();

        Assert.Contains("No record had the field 'amuont'", Assert.Single(run.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Own_rejects_of_renamed_columns_are_kept_under_the_names_they_are_sent_under_and_import_again_when_mended()
    {
        await using var shell = ConnectedShell.Open();
        using var folder = new TemporaryFolder();
        shell.Shell.Set("csv", folder.Write("a.csv", "Id,a\n1,1.5\n2,\"1,5\"\n3\n")).Set("rejects", Path.Combine(folder.Path, "rejects.ndjson"));

        shell.Run("Import-OptimoveData -DataConnectionId $id -KeyProperty Id -Path $csv -PropertyMap @{ Id = 'user_id'; a = 'amount' } -ColumnType @{ a = 'Number' } -RejectPath $rejects -ErrorAction SilentlyContinue");
        var lines = await File.ReadAllLinesAsync(Path.Combine(folder.Path, "rejects.ndjson"), TestContext.Current.CancellationToken);
        Assert.StartsWith("""{"user_id":"2","amount":"1,5",""", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("""{"user_id":"3",""", lines[1], StringComparison.Ordinal);
        folder.Write("rejects.ndjson", lines[0].Replace("1,5", "1.5", StringComparison.Ordinal) + "\n");
        shell.Run(Import + "-Path $rejects -ColumnType @{ amount = 'Number' }").EnsureSucceeded();

        Assert.Equal("""{"user_id":"2","amount":1.5}""", shell.Connection.Find("\"2\"")!.Json);
    }
}
