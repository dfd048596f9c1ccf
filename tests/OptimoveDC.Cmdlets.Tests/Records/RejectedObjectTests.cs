using System.Globalization;
using System.Text.Json;
using OptimoveDC.Cmdlets.Tests.Hosting;
using OptimoveDC.Emulator;

namespace OptimoveDC.Cmdlets.Tests.Records;

/// <summary>What is refused comes back as a RejectedRecord with its JSON; the object itself is held by nobody.</summary>
public sealed class RejectedObjectTests
{
    private const string Import = "Import-OptimoveData -DataConnectionId $id -KeyProperty user_id -MaxReject 100000 ";
    private const string Set = "Set-OptimoveRecord -DataConnectionId $id -KeyProperty user_id ";

    [Theory]
    [InlineData(Import, "[pscustomobject]@{ user_id = $_; n = $_; note = \"größe $_\" }")]
    [InlineData(Set, "[pscustomobject]@{ user_id = $_; n = $_; note = \"größe $_\" }")]
    [InlineData(Import, "[ordered]@{ user_id = $_; n = $_; note = \"größe $_\" }")]
    public async Task The_target_has_the_record_the_service_refused(string command, string row)
    {
        await using var shell = OpenRefusing(id => id % 50 == 7);

        var run = shell.Run($"1..600 | ForEach-Object {{ {row} }} | {command}");

        var targets = run.Errors.Select(error => Assert.IsType<RejectedRecord>(error.TargetObject)).ToList();
        Assert.Equal(Enumerable.Range(1, 600).Where(id => id % 50 == 7), targets.Select(target => (int)target.Line).Order());
        Assert.All(targets, target =>
        {
            Assert.Equal(("pipeline", false, false, target.Line.ToString(CultureInfo.InvariantCulture), 400), (target.Source, target.IsLine, target.RecordIsIncomplete, target.PrimaryKey, target.StatusCode));
            Assert.Contains($"größe {target.Line}", target.Record, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task An_object_is_held_by_nobody_while_its_answer_is_awaited()
    {
        var alive = -1;
        var witnesses = new List<WeakReference>();
        await using var shell = ConnectedShell.Open(new EmulatorOptions
        {
            FaultPlan = _ =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                GC.Collect();
                alive = witnesses.Count(witness => witness.IsAlive);
                return null;
            },
        });

        shell.Shell.Set("witnesses", witnesses).Run($"& {{ 1..600 | ForEach-Object {{ $row = [pscustomobject]@{{ user_id = $_; tags = @('a', @{{ b = $_ }}) }}; $witnesses.Add([WeakReference]::new($row)); $row }} }} | {Import} -BatchSize 600").EnsureSucceeded();

        // The one that came last may still be a parameter of the cmdlet, or a variable of the script.
        Assert.InRange(alive, 0, 20);
    }

    [Theory]
    [InlineData("[pscustomobject]@{ user_id = 'k'; good = 1.50d; bad = { 1 } }", """{"user_id":"k","good":1.50}""", true)]
    [InlineData("[pscustomobject]@{ user_id = 'k'; good = 1; secret = [securestring]::new() }", """{"user_id":"k","good":1}""", true)]
    [InlineData("[pscustomobject]@{ city = 'x'; n = @(1, $null) }", """{"city":"x","n":[1,null]}""", false)]
    [InlineData("@{ user_id = $null }", """{"user_id":null}""", false)]
    [InlineData("'text'", """{"value":"text"}""", false)]
    [InlineData("$null", null, true)]
    public async Task What_can_be_shown_of_a_record_is_in_the_target_and_marked_where_it_is_less(string input, string? record, bool isIncomplete)
    {
        await using var shell = ConnectedShell.Open();

        var run = shell.Run($"{input} | {Import}");

        var target = Assert.IsType<RejectedRecord>(run.Errors[0].TargetObject);
        Assert.Equal((record, isIncomplete), (target.Record, target.RecordIsIncomplete));
    }

    [Theory]
    [InlineData("Get-Content $rejects | ConvertFrom-Json | ")]
    [InlineData("Get-Item $rejects | ")]
    public async Task A_reject_that_is_incomplete_is_not_imported_again_as_less_than_it_was(string again)
    {
        await using var shell = ConnectedShell.Open();
        using var folder = new TemporaryFolder();
        shell.Shell.Set("rejects", Path.Combine(folder.Path, "rejects.ndjson"));
        shell.Run($"[pscustomobject]@{{ user_id = 'k'; bad = {{ 1 }} }}, [pscustomobject]@{{ user_id = 'good' }} | {Import} -RejectPath $rejects -ErrorAction SilentlyContinue");

        var run = shell.Run(again + Import);

        Assert.Contains("a value of it is missing in the reject file", run.Errors[0].ToString(), StringComparison.Ordinal);
        Assert.Equal("""{"user_id":"good"}""", Assert.Single(shell.Connection.Records).Json);
    }

    [Fact]
    public async Task A_reject_is_one_line_of_a_log_without_values_as_text_and_as_a_table()
    {
        await using var shell = ConnectedShell.Open(new EmulatorOptions { RejectRecord = item => item.GetProperty("v").GetString() == "Hush" });

        var run = shell.Run($"[pscustomobject]@{{ user_id = 'k'; v = 'Hush' }}, [pscustomobject]@{{ user_id = 'a'; v = 'b' }} | {Import} -ErrorAction SilentlyContinue -ErrorVariable problems | Out-Null; \"$($problems[0].TargetObject)\"; ($problems[0].TargetObject | Format-Table | Out-String)");

        Assert.StartsWith("Record 1 of the pipeline (primary key \"k\"): ", run.Output[0].ToString(), StringComparison.Ordinal);
        Assert.All(run.Output, line => Assert.DoesNotContain("Hush", line.ToString(), StringComparison.Ordinal));
        Assert.Contains("pipeline", run.Output[1].ToString(), StringComparison.Ordinal);
    }

    private static ConnectedShell OpenRefusing(Func<int, bool> isRefused) => ConnectedShell.Open(new EmulatorOptions
    {
        AbsentUpdate = AbsentUpdate.Insert,
        RejectRecord = item => isRefused(KeyOf(item)),
    });

    // A field like others: an update's key is not in its data.
    private static int KeyOf(JsonElement item) => item.GetProperty("n").GetInt32();
}
