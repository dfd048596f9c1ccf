using System.Management.Automation;
using OptimoveDC.Cmdlets.Tests.Hosting;
using OptimoveDC.Emulator;

namespace OptimoveDC.Cmdlets.Tests.Errors;

/// <summary>
/// Errors as the shell's default view shows them in a script. The view breaks the message between words, and shows what to do
/// on a line that it leaves to the terminal to break.
/// </summary>
public sealed class ErrorViewTests
{
    private const string Prefix = "     | ";
    private const string Recommendation = "  Recommendation: ";

    private const string NotConnected = "Disconnect-Optimove\nNew-OptimoveDataConnection -Name Loyalty -PrimaryKey user_id";
    private const string NoFile = "Import-OptimoveData customers-2026-03-14.csv -DataConnectionId $id -KeyProperty user_id";
    private const string NoKey = "$rows = @{ user_id = 1 }, @{ city = 'Oslo' }\n$rows | Import-OptimoveData -DataConnectionId $id -KeyProperty user_id";
    private const string Refused = "Set-OptimoveRecord -DataConnectionId $id -PrimaryKey 'nobody' -Data @{ a = 1 }";
    private const string Stopped = "Import-OptimoveData $csv -DataConnectionId $id -KeyProperty user_id -BatchSize 10 -ThrottleLimit 1";

    [Theory]
    [InlineData(NotConnected, "Optimove.NotConnected", 80)]
    [InlineData(NotConnected, "Optimove.NotConnected", 120)]
    [InlineData(NoFile, "Optimove.SourceUnreadable", 80)]
    [InlineData(NoFile, "Optimove.SourceUnreadable", 120)]
    [InlineData(NoKey, "Optimove.RecordInvalid", 80)]
    [InlineData(NoKey, "Optimove.RecordInvalid", 120)]
    [InlineData(Refused, "Optimove.RequestInvalid", 80)]
    [InlineData(Refused, "Optimove.RequestInvalid", 120)]
    [InlineData(Stopped, "Optimove.AuthenticationFailed", 80)]
    [InlineData(Stopped, "Optimove.AuthenticationFailed", 120)]
    public async Task An_error_is_shown_within_the_width_with_its_message_whole_and_what_to_do(string line, string id, int width)
    {
        var (error, shown) = await ShowAsync(line, width);

        Assert.Equal(id, error.FullyQualifiedErrorId.Split(',')[0]);
        var rows = shown.Where(row => !row.StartsWith(Recommendation, StringComparison.Ordinal)).ToList();
        Assert.All(rows.Skip(1), row => Assert.InRange(row.Length, 1, width));

        // Broken within a word, an id or a path, it would have blanks where the message has none.
        var message = rows.Where(row => row.StartsWith(Prefix, StringComparison.Ordinal)).Skip(1).Select(row => row[Prefix.Length..]);
        Assert.Equal(error.ErrorDetails.Message, string.Join(' ', message));
        Assert.Equal(Recommendation + error.ErrorDetails.RecommendedAction, Assert.Single(shown.Except(rows)));
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_named_once()
    {
        var (_, shown) = await ShowAsync(NoFile, 80);

        Assert.Equal(
            [
                "Line |",
                "   1 |  Import-OptimoveData customers-2026-03-14.csv -DataConnectionId $id -K …",
                "     |  ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~",
                "     | customers-2026-03-14.csv: there is no such file.",
                "  Recommendation: Check the path and the names of the columns, fix the file at the line that is named, or the query; then run the command again.",
            ],
            shown.Skip(1));
    }

    [Theory]
    [InlineData(80, "     | Record 2 of the pipeline: it has no field 'user_id', which -KeyProperty", "     | names; its fields are 'city'")]
    [InlineData(120, "     | Record 2 of the pipeline: it has no field 'user_id', which -KeyProperty names; its fields are 'city'")]
    public async Task A_long_message_is_broken_between_its_words(int width, params string[] message)
    {
        var (_, shown) = await ShowAsync(NoKey, width);

        Assert.Equal(message, shown.SkipWhile(row => !row.StartsWith(Prefix + "Record", StringComparison.Ordinal)).Take(message.Length));
    }

    // A script, for the view shows more of an error in one than of an error at the prompt.
    private static async Task<(ErrorRecord Error, IReadOnlyList<string> Shown)> ShowAsync(string line, int width)
    {
        var requests = 0;
        var host = new ScreenHost(width);
        await using var shell = ConnectedShell.Open(
            new EmulatorOptions { FaultPlan = _ => line == Stopped && ++requests > 1 ? new Fault { StatusCode = 401 } : null }, host: host);
        using var folder = new TemporaryFolder();
        shell.Shell
            .Set("csv", folder.Write("customers.csv", "user_id\n" + string.Concat(Enumerable.Range(0, 30).Select(n => $"{n}\n"))))
            .Set("script", folder.Write("script.ps1", line));

        var run = shell.Run("& $script 2>&1 | Tee-Object -Variable all | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] } | Out-Default; $all");

        var error = run.Objects<ErrorRecord>().Single();
        return (error, [.. host.Screen.ReplaceLineEndings("\n").Split('\n').Select(row => row.TrimEnd()).Where(row => row.Length > 0 && row != Prefix.TrimEnd())]);
    }
}
