using System.Management.Automation;
using System.Text.Json;
using OptimoveDC.Cmdlets.Tests.Hosting;
using OptimoveDC.Emulator;

namespace OptimoveDC.Cmdlets.Tests.Writing;

/// <summary>Import-OptimoveData from files and from the pipeline.</summary>
public sealed class ImportTests
{
    private const string Import = "Import-OptimoveData -DataConnectionId $id -KeyProperty user_id ";
    private const int Many = 12_345;

    [Fact]
    public async Task Many_rows_by_path_and_by_pipeline_are_three_requests_each_of_one_batch_and_arrive_value_for_value()
    {
        await using var shell = ConnectedShell.Open();
        using var folder = new TemporaryFolder();
        shell.Shell.Set("csv", folder.Write(
            "customers.csv",
            "user_id,city,ttl\n" + string.Concat(Enumerable.Range(0, Many).Select(n => $"{n:D6},\"Köln, {n}\",{n % 7}\n"))));
        var expected = Enumerable.Range(0, Many).Select(n => $$"""{"user_id":"{{n:D6}}","city":"Köln, {{n}}","ttl":"{{n % 7}}"}""").ToList();

        AssertLoaded(shell.Run(Import + "-Path $csv"), 0);
        var rows = ConnectedShell.CsvRows([.. Enumerable.Range(0, Many).Select(n => new (string, string?)[] { ("user_id", $"{n:D6}"), ("city", $"Köln, {n}"), ("ttl", $"{n % 7}") })]);
        AssertLoaded(shell.Pipe(rows, Import), 3);

        void AssertLoaded(ShellRun run, int requestsBefore)
        {
            var result = run.Only<LoadResult>();
            Assert.Equal((Many, Many, 3L, true), ((int)result.Read, (int)result.Sent, result.Requests, result.Completed));
            var bodies = shell.Bodies.Skip(requestsBefore).Select(body => JsonDocument.Parse(body).RootElement).ToList();
            Assert.Equal([false, false, true], bodies.Select(body => body.GetProperty("batch_completed").GetBoolean()));
            Assert.Equal([result.BatchId!.Value], bodies.Select(body => body.GetProperty("batch_uuid").GetGuid()).Distinct());
            Assert.Equal(expected, shell.Connection.Records.Select(record => record.Json).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task Columns_named_ttl_and_data_connection_uuid_are_data_and_change_nothing_else()
    {
        await using var shell = ConnectedShell.Open();
        using var folder = new TemporaryFolder();
        var other = Guid.NewGuid();
        shell.Shell.Set("csv", folder.Write("customers.csv", $"user_id,ttl,data_connection_uuid,DataConnectionId\n1,5,{other},{other}\n"));
        var rows = ConnectedShell.CsvRows([("user_id", "1"), ("ttl", "5"), ("data_connection_uuid", $"{other}"), ("DataConnectionId", $"{other}")]);

        shell.Run(Import + "-Path $csv").EnsureSucceeded();
        shell.Pipe(rows, Import).EnsureSucceeded();

        Assert.Equal(2, shell.Bodies.Count);
        Assert.All(shell.Server.Service.Requests, request => Assert.Contains(shell.Connection.Id.ToString(), request.Path, StringComparison.Ordinal));
        Assert.All(shell.Bodies, body => Assert.Equal(JsonValueKind.Null, JsonDocument.Parse(body).RootElement.GetProperty("ttl_seconds").ValueKind));
        JsonAssert.Equal(
            $$"""{"user_id":"1","ttl":"5","data_connection_uuid":"{{other}}","DataConnectionId":"{{other}}"}""",
            Assert.Single(shell.Connection.Records).Json);
    }

    [Fact]
    public async Task Wildcards_and_several_paths_are_one_batch_and_one_result_for_each_file()
    {
        await using var shell = ConnectedShell.Open();
        using var folder = new TemporaryFolder();
        folder.Write("b.csv", "user_id\n2\n");
        folder.Write("a.csv", "user_id\n1\n");
        folder.Write("[c].csv", "user_id\n3\n");
        shell.Shell.Set("folder", folder.Path);

        var wild = shell.Run(Import + "-Path $folder/?.csv").EnsureSucceeded().Objects<LoadResult>();
        Assert.Equal(["a.csv", "b.csv"], wild.Select(result => Path.GetFileName(result.Source)));
        Assert.Equal(2, wild.Select(result => result.BatchId).Distinct().Count());

        Assert.Equal("[c].csv", Path.GetFileName(shell.Run(Import + "-LiteralPath $folder/[c].csv").Only<LoadResult>().Source));
        Assert.Equal(2, shell.Run(Import + "-Path $folder/a.csv, $folder/b.csv").EnsureSucceeded().Output.Count);
    }

    [Fact]
    public async Task A_file_on_the_pipeline_is_a_path()
    {
        await using var shell = ConnectedShell.Open();
        using var folder = new TemporaryFolder();
        shell.Shell.Set("file", new FileInfo(folder.Write("a.csv", "user_id\n1\n")));

        Assert.Equal(1, shell.Run("$file | " + Import).Only<LoadResult>().Sent);
        Assert.Equal("""{"user_id":"1"}""", Assert.Single(shell.Connection.Records).Json);
    }

    [Fact]
    public async Task Text_on_the_pipeline_is_refused_naming_Path()
    {
        await using var shell = ConnectedShell.Open();

        var run = shell.Run("'customers.csv' | " + Import);

        Assert.Contains("-Path", run.Errors[0].ToString(), StringComparison.Ordinal);
        Assert.Equal("""{"value":"customers.csv"}""", Assert.IsType<RejectedRecord>(run.Errors[0].TargetObject).Record);
        Assert.Equal("Optimove.LoadIncomplete", run.LastError.FullyQualifiedErrorId.Split(',')[0]);
        Assert.Equal(0, shell.Server.Service.RequestCount);
    }

    [Fact]
    public async Task Each_object_is_sent_with_its_own_properties_and_never_those_of_the_first()
    {
        await using var shell = ConnectedShell.Open();

        shell.Run("[pscustomobject]@{ user_id = 1; a = 1 }, @{ user_id = 2; b = 2 }, [pscustomobject]@{ c = 3; user_id = 3 } | " + Import).EnsureSucceeded();

        var body = Assert.Single(shell.Bodies);
        Assert.Contains("""{"user_id":1,"a":1}""", body, StringComparison.Ordinal);
        Assert.Contains("\"b\":2", body, StringComparison.Ordinal);
        Assert.DoesNotContain("\"a\":null", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Import)]
    [InlineData("Set-OptimoveRecord -PassThru -DataConnectionId $id -KeyProperty user_id ")]
    public async Task A_list_that_breaks_off_while_it_is_read_costs_its_own_record_alone(string command)
    {
        await using var shell = ConnectedShell.Open(new EmulatorOptions { AbsentUpdate = AbsentUpdate.Insert });
        shell.Shell.Set("broken", Broken());

        var run = shell.Run("[pscustomobject]@{ user_id = 1; v = 'a' }, [pscustomobject]@{ user_id = 2; v = $broken }, [pscustomobject]@{ user_id = 3; v = 'c' } | " + command);

        Assert.Contains("field 'v' can't be read: the list is broken", run.Error.ToString(), StringComparison.Ordinal);
        var result = Assert.Single(run.Objects<LoadResult>());
        Assert.Equal((3L, 2L, 1L), (result.Read, result.Sent, result.Rejected));

        static IEnumerable<int> Broken()
        {
            yield return 1;
            throw new InvalidOperationException("the list is broken.");
        }
    }

    [Fact]
    public async Task Large_objects_are_not_read_far_ahead_of_what_was_sent()
    {
        var made = new int[1];
        var arrived = 0;
        var furthest = 0;
        await using var shell = ConnectedShell.Open(new EmulatorOptions
        {
            FaultPlan = request =>
            {
                // 256 KB each, so many of them in a request.
                var ahead = Volatile.Read(ref made[0]) - Interlocked.Add(ref arrived, (int)(request.BodyLength >> 18));
                furthest = Math.Max(furthest, ahead);
                return null;
            },
        });
        shell.Shell.Set("made", made);

        var result = shell.Run("1..600 | ForEach-Object { $made[0]++; [pscustomobject]@{ user_id = $_; v = 'x' * 256KB } } | " + Import + "-ThrottleLimit 1").Only<LoadResult>();

        Assert.Equal(600, result.Sent);
        Assert.InRange(furthest, 1, 200);
    }

    [Fact]
    public async Task A_list_given_to_InputObject_is_its_items()
    {
        await using var shell = ConnectedShell.Open();

        Assert.Equal(2, shell.Run("Import-OptimoveData -DataConnectionId $id -KeyProperty user_id -InputObject @(@{ user_id = 1 }, @{ user_id = 2 })").Only<LoadResult>().Sent);
    }

    [Fact]
    public async Task ColumnType_and_EmptyValue_hold_for_rows_of_the_pipeline_as_for_files()
    {
        await using var shell = ConnectedShell.Open();
        var rows = ConnectedShell.CsvRows(
            [("user_id", "1"), ("amount", "1.50"), ("active", "True"), ("tags", "[1,2.0]"), ("note", "")],
            [("user_id", "2"), ("amount", "1,5"), ("active", "true"), ("tags", "[]"), ("note", "x")]);

        var run = shell.Pipe(rows, Import + "-ColumnType @{ amount = 'Number'; active = 'Boolean'; tags = 'Json' } -EmptyValue Null");

        Assert.Equal("""{"user_id":"1","amount":1.50,"active":true,"tags":[1,2.0],"note":null}""", Assert.Single(shell.Connection.Records).Json);
        Assert.Contains("'amount' has '1,5'", run.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal("""{"user_id":"2","amount":"1,5","active":"true","tags":"[]","note":"x"}""", Assert.IsType<RejectedRecord>(run.Error.TargetObject).Record);
    }

    [Theory]
    [InlineData("86400", "86400")]
    [InlineData("'86400'", "86400")]
    [InlineData("([timespan]'1.00:00:00')", "86400")]
    [InlineData("'1.00:00:00'", "86400")]
    [InlineData("$null", "null")]
    public async Task A_time_to_live_is_seconds_or_a_TimeSpan(string argument, string json)
    {
        await using var shell = ConnectedShell.Open();

        shell.Run("@{ user_id = 1 } | " + Import + "-TimeToLive " + argument).EnsureSucceeded();

        Assert.Equal(json, JsonDocument.Parse(Assert.Single(shell.Bodies)).RootElement.GetProperty("ttl_seconds").GetRawText());
    }

    [Theory]
    [InlineData("0", "0 has a meaning only")]
    [InlineData("-5", "negative")]
    [InlineData("1.5", "whole number")]
    [InlineData("'soon'", "neither a number of seconds nor a TimeSpan")]
    public async Task A_time_to_live_that_makes_no_sense_is_refused_with_the_reason(string argument, string reason)
    {
        await using var shell = ConnectedShell.Open();

        var run = shell.Run("@{ user_id = 1 } | " + Import + "-TimeToLive " + argument);

        Assert.Contains(reason, run.LastError.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, shell.Server.Service.RequestCount);
    }

    [Fact]
    public async Task The_result_comes_before_the_errors_of_the_rejects_and_accounts_for_every_row()
    {
        await using var shell = ConnectedShell.Open(new EmulatorOptions { RejectRecord = record => record.GetProperty("v").GetString() == "bad" });
        using var folder = new TemporaryFolder();
        var path = folder.Write("customers.csv", "user_id,v\n1,good\n,none\n3,bad\n4\n5,good\n5,better\n");
        shell.Shell.Set("csv", path);

        var run = shell.Run("try { " + Import + "-Path $csv -ErrorAction Stop } catch { 'stopped by ' + $_.FullyQualifiedErrorId }");

        var result = Assert.Single(run.Objects<LoadResult>());
        Assert.Equal((6L, 2L, 3L, 1L, 0L, 0L, true), (result.Read, result.Sent, result.Rejected, result.Skipped, result.Unknown, result.NotSent, result.Completed));
        Assert.StartsWith("stopped by Optimove.", run.Output[^1].ToString(), StringComparison.Ordinal);

        var errors = shell.Run(Import + "-Path $csv").Errors;
        Assert.Equal([3L, 4L, 5L], errors.Select(error => Assert.IsType<RejectedRecord>(error.TargetObject).Line).Order());
        Assert.All(errors, error => Assert.Contains(path, error.ToString(), StringComparison.Ordinal));
        Assert.All(errors, error => Assert.NotEmpty(error.ErrorDetails.RecommendedAction));
    }

    [Fact]
    public async Task A_connection_created_in_the_session_needs_no_KeyProperty()
    {
        await using var shell = ConnectedShell.Open();

        var result = shell.Run("$c = New-OptimoveDataConnection -Name Loyalty -PrimaryKey user_id; @{ user_id = 1 } | Import-OptimoveData -DataConnectionId $c").Only<LoadResult>();

        Assert.Equal(1, result.Sent);
    }

    [Fact]
    public async Task A_batch_kept_open_is_added_to_and_completed_with_BatchId()
    {
        await using var shell = ConnectedShell.Open();

        shell.Run("$first = @{ user_id = 1 } | " + Import + "-KeepBatchOpen").EnsureSucceeded();
        Assert.Empty(shell.Connection.Records);
        shell.Run("$second = @{ user_id = 2 } | " + Import + "-BatchId $first.BatchId").EnsureSucceeded();

        Assert.Equal(2, shell.Connection.Records.Count);
        Assert.Single(shell.Connection.Batches);
    }

    [Fact]
    public async Task An_empty_source_is_a_warning_and_sends_nothing()
    {
        await using var shell = ConnectedShell.Open();
        using var folder = new TemporaryFolder();
        shell.Shell.Set("csv", folder.Write("customers.csv", "user_id,v\n"));

        var run = shell.Run(Import + "-Path $csv").EnsureSucceeded();

        Assert.Equal((0L, false), (Assert.Single(run.Objects<LoadResult>()).Read, run.Objects<LoadResult>()[0].Completed));
        Assert.Contains("no record", Assert.Single(run.Warnings), StringComparison.Ordinal);
        Assert.Equal(0, shell.Server.Service.RequestCount);
    }
}
