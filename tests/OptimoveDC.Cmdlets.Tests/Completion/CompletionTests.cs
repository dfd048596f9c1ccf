using System.IO.Compression;
using System.Management.Automation;
using System.Text;
using OptimoveDC.Cmdlets.Tests.Hosting;

namespace OptimoveDC.Cmdlets.Tests.Completion;

/// <summary>What the Tab key suggests, and that it never does harm.</summary>
public sealed class CompletionTests
{
    private const string ImportFrom = "Import-OptimoveData -Path customers.csv -DataConnectionId x ";

    [Theory]
    [InlineData("Import-OptimoveData -DataConnectionId ")]
    [InlineData("Set-OptimoveRecord -DataConnectionId ")]
    [InlineData("Remove-OptimoveRecord -DataConnectionId ")]
    [InlineData("Get-OptimoveEmulatorRecord -DataConnectionId ")]
    public async Task The_connections_that_the_session_knows_are_suggested_with_their_names_and_no_request_is_made(string line)
    {
        await using var shell = ConnectedShell.Open(connectArguments: "-DataConnectionId $id");
        var made = shell.Run("New-OptimoveDataConnection -Name Loyalty -PrimaryKey user_id").Only<DataConnection>();
        var requests = shell.Server.Service.RequestCount;

        var results = Complete(shell.Shell, line);

        Assert.Equal([made.DataConnectionId.ToString(), shell.Connection.Id.ToString()], results.Select(result => result.CompletionText));
        Assert.Equal("Loyalty, primary key user_id", results[0].ToolTip);
        Assert.Equal(requests, shell.Server.Service.RequestCount);
        Assert.Equal(made.DataConnectionId.ToString(), Assert.Single(Complete(shell.Shell, line + made.DataConnectionId.ToString()[..6])).CompletionText);
    }

    [Fact]
    public async Task The_connections_are_those_of_the_session_that_is_named_on_the_line()
    {
        await using var shell = ConnectedShell.Open(connectArguments: "-DataConnectionId $id");

        shell.Run("$other = Connect-Optimove -Uri $uri -Credential $credential -DataConnectionId 41ddf098-90b4-4a5d-a3d1-0fd8da3bfb89 -PassThru; Connect-Optimove -Uri $uri -Credential $credential -DataConnectionId $id").EnsureSucceeded();

        Assert.Equal(
            "41ddf098-90b4-4a5d-a3d1-0fd8da3bfb89",
            Assert.Single(Complete(shell.Shell, "Import-OptimoveData -Session $other -DataConnectionId ")).CompletionText);
    }

    [Theory]
    [InlineData(ImportFrom + "-KeyProperty ", new[] { "user_id", "'purchase amount'", "city", "'it''s'", "'7th'" })]
    [InlineData(ImportFrom + "-KeyProperty USER", new[] { "user_id" })]
    [InlineData(ImportFrom + "-KeyProperty 'pur", new[] { "'purchase amount'" })]
    [InlineData("Import-OptimoveData customers.csv -KeyProperty c", new[] { "city" })]
    [InlineData("Import-OptimoveData -Path *.csv -KeyProperty c", new[] { "city" })]
    [InlineData("Import-OptimoveData -LiteralPath customers.csv -KeyProperty c", new[] { "city" })]
    [InlineData("Import-OptimoveData -Path customers.csv, other.txt -KeyProperty c", new[] { "city" })]
    [InlineData("Import-Csv customers.csv | Import-OptimoveData -KeyProperty c", new[] { "city" })]
    [InlineData("Import-Csv -Path 'customers.csv' | Where-Object city | Set-OptimoveRecord -KeyProperty c", new[] { "city" })]
    [InlineData("Import-Csv customers.csv | Set-OptimoveRecord -KeyProperty user_id -TimeToLiveProperty ci", new[] { "city" })]
    [InlineData("Import-Csv customers.csv | Remove-OptimoveRecord -KeyProperty us", new[] { "user_id" })]
    [InlineData(ImportFrom + "-Property user_id, c", new[] { "city" })]
    [InlineData(ImportFrom + "-ExcludeProperty c", new[] { "city" })]
    [InlineData(ImportFrom + "-PropertyMap '@{ c", new[] { "@{ city = 'city' }" })]
    [InlineData("Test-OptimoveData -Path customers.csv -KeyProperty c", new[] { "city" })]
    [InlineData(ImportFrom + "-ColumnType ", new[] { "@{ user_id = 'Number' }", "@{ 'purchase amount' = 'Number' }", "@{ city = 'Number' }", "@{ 'it''s' = 'Number' }", "@{ '7th' = 'Number' }" })]
    public async Task The_columns_of_the_file_are_suggested_in_their_order_and_quoted_where_the_shell_needs_it(string line, string[] expected)
    {
        using var folder = new TemporaryFolder();
        folder.Write("customers.csv", "user_id,\"purchase amount\",city,it's,7th\n1,2,3,4,5\n");
        await using var shell = OpenIn(folder);

        Assert.Equal(expected, Complete(shell, line).Select(result => result.CompletionText));
    }

    [Fact]
    public async Task What_is_suggested_for_a_table_is_a_table()
    {
        using var folder = new TemporaryFolder();
        folder.Write("customers.csv", "user_id,it's\n");
        await using var shell = OpenIn(folder);

        foreach (var suggested in Complete(shell, ImportFrom + "-ColumnType "))
        {
            Assert.Single(shell.Run(suggested.CompletionText).Only<System.Collections.Hashtable>());
        }
    }

    [Fact]
    public async Task The_columns_of_compressed_marked_and_JSON_files_are_found_too()
    {
        using var folder = new TemporaryFolder();
        await using (var zip = new GZipStream(File.Create(Path.Combine(folder.Path, "zip.csv.gz")), CompressionMode.Compress))
        {
            zip.Write("user_id,city\n1,x\n"u8);
        }

        File.WriteAllText(Path.Combine(folder.Path, "marked.csv"), "user_id,größe\n", new UnicodeEncoding(false, true));
        folder.Write("lines.jsonl", """{"user_id":1,"nested":{"inner":2},"list":[{"x":1}],"last":3}""" + "\n" + """{"other":1}""");
        folder.Write("list.json", """[ {"user_id":1,"nested":{"inner":2},"last":3}, {"other":1}]""");
        await using var shell = OpenIn(folder);

        Assert.Equal(["user_id", "city"], Columns(shell, "zip.csv.gz"));
        Assert.Equal(["user_id", "größe"], Columns(shell, "marked.csv"));
        Assert.Equal(["user_id", "nested", "list", "last"], Columns(shell, "lines.jsonl"));
        Assert.Equal(["user_id", "nested", "last"], Columns(shell, "list.json"));
    }

    [Theory]
    [InlineData("user_id;\"a;b\";\"say \"\"x\"\"\"\r\n1;2;3", "", new[] { "user_id", "'a;b'", "'say \"x\"'" })]
    [InlineData("user_id\tcity\n", "", new[] { "user_id", "city" })]
    [InlineData("user_id|city, country\n", "-Delimiter '|' ", new[] { "user_id", "'city, country'" })]
    [InlineData("user_id", "", new[] { "user_id" })]
    public async Task The_delimiter_is_the_one_that_is_given_or_the_one_that_the_header_has(string text, string arguments, string[] expected)
    {
        using var folder = new TemporaryFolder();
        folder.Write("file.txt", text);
        await using var shell = OpenIn(folder);

        Assert.Equal(expected, Complete(shell, $"Import-OptimoveData -Path file.txt {arguments}-KeyProperty ").Select(result => result.CompletionText));
    }

    [Fact]
    public async Task Of_a_huge_file_only_the_head_is_read()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("huge.csv", "user_id,city\n1,x\n");
        using (var file = new FileStream(path, FileMode.Open))
        {
            // Sparse: it takes no room, and reading it to its end would take minutes.
            file.SetLength(1L << 40);
        }

        await using var shell = OpenIn(folder);

        Assert.Equal(["user_id", "city"], Columns(shell, "huge.csv"));
    }

    [Theory]
    [InlineData("nowhere.csv")]
    [InlineData("empty.csv")]
    [InlineData("binary.csv")]
    [InlineData("broken.csv.gz")]
    [InlineData("broken.json")]
    [InlineData("latin.csv")]
    [InlineData("endless.csv")]
    [InlineData("folder")]
    [InlineData("Env:/PATH")]
    [InlineData("nodrive:/x")]
    [InlineData("'['")]
    [InlineData("$null")]
    [InlineData("$undefined")]
    [InlineData("(Get-Item")]
    [InlineData("\"unfinished")]
    public async Task Where_there_are_no_columns_nothing_is_suggested_and_nothing_fails(string path)
    {
        using var folder = new TemporaryFolder();
        folder.Write("empty.csv", "");
        File.WriteAllBytes(Path.Combine(folder.Path, "binary.csv"), [0x50, 0x4B, 3, 4, 0, 0, 0, 10, 0, 255, 254, 0]);
        File.WriteAllBytes(Path.Combine(folder.Path, "broken.csv.gz"), [0x1F, 0x8B, 8, 0, 1, 2, 3]);
        folder.Write("broken.json", "{]");
        File.WriteAllBytes(Path.Combine(folder.Path, "latin.csv"), Encoding.Latin1.GetBytes("Größe,é\n"));
        folder.Write("endless.csv", new string('x', 1 << 20));
        Directory.CreateDirectory(Path.Combine(folder.Path, "folder"));
        await using var shell = OpenIn(folder);

        foreach (var parameter in new[] { "KeyProperty", "ColumnType" })
        {
            Assert.DoesNotContain(Complete(shell, $"Import-OptimoveData -Path {path} -{parameter} "), IsOurs);
        }
    }

    [Theory]
    [InlineData("Import-OptimoveData -KeyProperty ")]
    [InlineData("1, 2 | Set-OptimoveRecord -TimeToLiveProperty ")]
    [InlineData("Import-OptimoveData -DataConnectionId ")]
    [InlineData("Import-OptimoveData -Session $null -DataConnectionId ")]
    [InlineData("Import-OptimoveData -Session 'nonsense' -DataConnectionId ")]
    public async Task Without_a_file_or_a_session_nothing_is_suggested_and_nothing_fails(string line)
    {
        using var folder = new TemporaryFolder();
        await using var shell = OpenIn(folder);

        Assert.DoesNotContain(Complete(shell, line), IsOurs);
    }

    // When a completer has nothing, the engine goes on to the names of files.
    private static bool IsOurs(CompletionResult result) =>
        result.ResultType is not (CompletionResultType.ProviderItem or CompletionResultType.ProviderContainer);

    private static IEnumerable<string> Columns(ShellSession shell, string path) =>
        Complete(shell, $"Import-OptimoveData -Path {path} -KeyProperty ").Select(result => result.CompletionText);

    private static IReadOnlyList<CompletionResult> Complete(ShellSession shell, string line)
    {
        var run = shell.Set("line", line).Run("$Error.Clear(); (TabExpansion2 -inputScript $line -cursorColumn $line.Length).CompletionMatches");
        return run.EnsureSucceeded().Objects<CompletionResult>();
    }

    private static ShellSession OpenIn(TemporaryFolder folder)
    {
        var shell = ShellSession.Open();
        shell.Set("folder", folder.Path).Run("$null = $ExecutionContext.SessionState.Path.SetLocation($folder)").EnsureSucceeded();
        return shell;
    }
}
