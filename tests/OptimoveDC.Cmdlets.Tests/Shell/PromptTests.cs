using OptimoveDC.Cmdlets.Tests.Hosting;
using OptimoveDC.Emulator;

namespace OptimoveDC.Cmdlets.Tests.Shell;

/// <summary>What somebody sees who sits at the prompt of a real shell in a terminal: progress, a question, Ctrl+C, an error.</summary>
public sealed class PromptTests(PromptSession.Pool pool) : IClassFixture<PromptSession.Pool>
{
    // Short enough that the shell's own line editor doesn't break it on a narrow screen.
    private const string Import = "Import-OptimoveData *.csv -KeyProperty user_id -BatchSize 10";

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public async Task An_import_shows_its_progress_in_one_row_of_the_screen_and_takes_it_away(int columns)
    {
        var prompt = await pool.OpenAsync(columns);
        prompt.Server.Options.Latency = TimeSpan.FromMilliseconds(200);
        WriteCustomers(prompt, 300);

        var before = prompt.History.Count;
        var shown = await prompt.RunAsync(Import);

        var bars = prompt.History.Skip(before).Where(line => line.Text.StartsWith("Loading", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(bars);
        Assert.All(bars, bar =>
        {
            Assert.Matches(@"^Loading customers\.csv \[\d+ of \d+ records read, \d+/s, \d+ requests? +(\d+s)?\]$", bar.Text);
            Assert.InRange(bar.Text.Length, 1, columns);
            Assert.NotNull(bar.Until);
        });
        Assert.Single(bars.Select(bar => bar.Row).Distinct());
        Assert.DoesNotContain(prompt.Screen, row => row.Contains("Loading", StringComparison.Ordinal));
        Assert.Contains(shown, row => row.StartsWith("customers.csv    True            300       300        0", StringComparison.Ordinal));
        Assert.All(shown, row => Assert.InRange(row.Length, 0, columns));
    }

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public async Task A_deletion_names_the_key_and_the_Data_Connection_and_waits_for_the_answer(int columns)
    {
        var prompt = await pool.OpenAsync(columns);
        WriteCustomers(prompt, 3);
        await prompt.RunAsync("$null = " + Import);
        var (requests, records) = (prompt.Server.Service.RequestCount, prompt.Connection.Records.Count);

        foreach (var (answer, deleted) in new[] { ("n", 0), ("y", 1) })
        {
            var before = prompt.Screen.Count;
            prompt.Enter("Remove-OptimoveRecord '1'");
            await prompt.AwaitQuestionAsync(before);

            var question = prompt.Screen.Skip(before).ToList();
            Assert.Equal("Are you sure you want to perform this action?", question[2]);
            Assert.Equal(
                $"Performing the operation \"Delete the record\" on target \"Primary key \"1\" of Data Connection {prompt.Connection.Id}\".",
                string.Join(' ', string.Join(' ', question.Skip(3).Take(2)).Split(' ', StringSplitOptions.RemoveEmptyEntries)));
            Assert.Equal(requests, prompt.Server.Service.RequestCount);

            before = prompt.Screen.Count;
            prompt.Enter(answer);
            await prompt.AwaitPromptAsync(before);

            Assert.Equal(records - deleted, prompt.Connection.Records.Count);
            Assert.Equal(requests + deleted, prompt.Server.Service.RequestCount);
        }
    }

    [Fact]
    public async Task Ctrl_C_ends_an_import_that_is_never_answered_and_the_import_can_go_on()
    {
        var prompt = await pool.OpenAsync(80);
        prompt.Server.Options.FaultPlan = request => request.BodyText()!.Contains("\"15\"", StringComparison.Ordinal) ? new Fault { NeverAnswer = true } : null;
        WriteCustomers(prompt, 30);
        var requests = prompt.Server.Service.RequestCount;
        var before = prompt.Screen.Count;
        prompt.Enter(Import + " -ThrottleLimit 1");
        await Wait.UntilAsync(() => prompt.Server.Service.RequestCount == requests + 2, TimeSpan.FromSeconds(30));

        var clock = System.Diagnostics.Stopwatch.StartNew();
        prompt.Interrupt();
        await prompt.AwaitPromptAsync(before);

        // The service would not have answered within the timeout of a request, which is a hundred seconds.
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"{clock.Elapsed}");
        Assert.Equal(requests + 2, prompt.Server.Service.RequestCount);
        var listed = await prompt.RunAsync("Get-OptimoveImport | Format-List Source, Sent, Completed");
        Assert.Contains("Sent      : 10", listed);
        Assert.Contains("Completed : False", listed);

        prompt.Server.Options.FaultPlan = null;
        Assert.Contains("Sent : 30", await prompt.RunAsync("iex (Get-OptimoveImport).ResumeCommand | fl Sent"));
        Assert.Equal(requests + 4, prompt.Server.Service.RequestCount);
    }

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public async Task An_error_at_the_prompt_is_its_message_and_what_to_do(int columns)
    {
        var prompt = await pool.OpenAsync(columns);

        var shown = await prompt.RunAsync("Import-OptimoveData nowhere.csv -KeyProperty user_id");

        Assert.Equal("Import-OptimoveData: nowhere.csv: there is no such file.", shown[0]);
        Assert.StartsWith("  Recommendation: Check the path and the names of the columns", shown[1], StringComparison.Ordinal);
    }

    private static void WriteCustomers(PromptSession prompt, int count) =>
        prompt.Folder.Write("customers.csv", "user_id,city\n" + string.Concat(Enumerable.Range(0, count).Select(n => $"{n},Oslo\n")));
}
