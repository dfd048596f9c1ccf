using OptimoveDC.Cmdlets.Tests.Hosting;
using OptimoveDC.Emulator;

namespace OptimoveDC.Cmdlets.Tests.Writing;

/// <summary>A record is the object as it was when it came down the pipeline, whatever its maker does with it afterwards.</summary>
public sealed class ChangedObjectTests
{
    private const string Class = "class Customer { [int] $user_id; [string] $v; [object] $list; [object] $inner; [byte[]] $bytes }; ";
    private const string Change = " $list = [System.Collections.ArrayList]::new(); $inner = @{ n = 0 }; $bytes = [byte[]](0, 0);"
        + " $row.list = $list; $row.inner = $inner; $row.bytes = $bytes;"
        + " 1..600 | ForEach-Object { $row.user_id = $_; $row.v = \"v$_\"; $list.Clear(); $null = $list.Add($_); $inner.n = $_; $bytes[0] = $_ % 256; $row }";

    [Theory]
    [InlineData("[pscustomobject]@{ user_id = 0; v = ''; list = $null; inner = $null; bytes = $null }")]
    [InlineData("@{ user_id = 0; v = ''; list = $null; inner = $null; bytes = $null }")]
    [InlineData("[ordered]@{ user_id = 0; v = ''; list = $null; inner = $null; bytes = $null }")]
    [InlineData("[Customer]::new()")]
    [InlineData("[System.Collections.Generic.Dictionary[string, object]]::new()")]
    public async Task One_object_changed_and_handed_over_again_and_again_is_sent_as_it_was_each_time(string made)
    {
        await using var shell = ConnectedShell.Open(new EmulatorOptions { AbsentUpdate = AbsentUpdate.Insert });
        var expected = Enumerable.Range(1, 600).Select(n =>
            $"{n} v{n} [{n}] {n} {Convert.ToBase64String([(byte)(n % 256), 0])}").ToList();

        foreach (var command in new[] { "Import-OptimoveData -BatchSize 500", "Set-OptimoveRecord -BatchSize 500" })
        {
            shell.Run($"{Class} $row = {made}; & {{ {Change} }} | {command} -DataConnectionId $id -KeyProperty user_id").EnsureSucceeded();

            Assert.Equal(expected, shell.Connection.Records
                .Select(record => System.Text.Json.JsonDocument.Parse(record.Json).RootElement)
                .OrderBy(record => record.GetProperty("user_id").GetInt32())
                .Select(record => $"{record.GetProperty("user_id")} {record.GetProperty("v")} {record.GetProperty("list").GetRawText()} {record.GetProperty("inner").GetProperty("n")} {record.GetProperty("bytes")}"));
            shell.Run("1..600 | Remove-OptimoveRecord -DataConnectionId $id -Confirm:$false").EnsureSucceeded();
        }
    }

    [Fact]
    public async Task A_property_that_is_a_script_runs_in_the_runspace_of_the_pipeline_once_a_record()
    {
        await using var shell = ConnectedShell.Open();

        shell.Run("""
            $runs = [System.Collections.ArrayList]::new()
            1..3 | ForEach-Object {
                $row = [pscustomobject]@{ user_id = $_ }
                $row.psobject.Properties.Add([psscriptproperty]::new('thread', { $null = $runs.Add($this.user_id); [Environment]::CurrentManagedThreadId }))
                $row
            } | Import-OptimoveData -DataConnectionId $id -KeyProperty user_id
            $thread = [Environment]::CurrentManagedThreadId
            """).EnsureSucceeded();

        Assert.Equal(3, shell.Connection.Records.Count);
        Assert.All(shell.Connection.Records, record => Assert.Contains($"\"thread\":{shell.Shell.Get("thread")}", record.Json, StringComparison.Ordinal));
        Assert.Equal([1, 2, 3], ((System.Collections.ArrayList)shell.Shell.Get("runs")!).Cast<int>());
    }

    [Fact]
    public async Task Objects_of_changing_shapes_keep_their_own_fields_and_order()
    {
        await using var shell = ConnectedShell.Open();

        shell.Run("""
            0..199 | ForEach-Object {
                $row = [ordered]@{ user_id = $_ }
                foreach ($n in 0..($_ % 13)) { $row["f$n"] = "$_" }
                if ($_ % 2) { [pscustomobject]$row } elseif ($_ % 3) { $row } else { [pscustomobject]@{ f1 = 'x'; user_id = $_ } }
            } | Import-OptimoveData -DataConnectionId $id -KeyProperty user_id
            """).EnsureSucceeded();

        var records = shell.Connection.Records.Select(record => record.Json).ToHashSet();
        Assert.Equal(200, records.Count);
        for (var number = 0; number < 200; number++)
        {
            var fields = string.Concat(Enumerable.Range(0, (number % 13) + 1).Select(n => $",\"f{n}\":\"{number}\""));
            Assert.Contains(number % 2 == 0 && number % 3 == 0 ? $$"""{"f1":"x","user_id":{{number}}}""" : $$"""{"user_id":{{number}}{{fields}}}""", records);
        }
    }
}
