using OptimoveDC.Cmdlets.Tests.Hosting;

namespace OptimoveDC.Cmdlets.Tests.Writing;

/// <summary>A source with fewer columns than the one before takes fields away, and the user is told.</summary>
public sealed class MissingColumnTests
{
    private const string Import = "Import-OptimoveData -DataConnectionId $id -KeyProperty user_id ";

    [Fact]
    public async Task A_file_that_lacks_columns_of_the_last_import_is_warned_of_before_anything_is_sent()
    {
        await using var shell = ConnectedShell.Open();
        using var folder = new TemporaryFolder();
        shell.Shell.Set("full", folder.Write("full.csv", "user_id,city,tier\n1,Bonn,gold\n")).Set("few", folder.Write("few.csv", "user_id,tier\n1,gold\n"));
        Assert.Empty(shell.Run(Import + "-Path $full").EnsureSucceeded().Warnings);
        Assert.Empty(shell.Run(Import + "-Path $full").EnsureSucceeded().Warnings);

        Assert.NotNull(shell.Run(Import + "-Path $few -WarningAction Stop").LastError);
        Assert.Equal(2, shell.Server.Service.RequestCount);

        var run = shell.Run(Import + "-Path $few").EnsureSucceeded();
        Assert.Contains("'city'", Assert.Single(run.Warnings), StringComparison.Ordinal);
        Assert.DoesNotContain("'tier'", run.Warnings[0], StringComparison.Ordinal);

        // From then on the fewer are what is known.
        Assert.Empty(shell.Run(Import + "-Path $few").EnsureSucceeded().Warnings);
    }

    [Theory]
    [InlineData("[pscustomobject]@{ user_id = '1'; tier = 'gold' } | Import-OptimoveData -DataConnectionId $id -KeyProperty user_id")]
    [InlineData(Import + "-Path $json")]
    [InlineData(Import + "-Path $full -ExcludeProperty city")]
    [InlineData(Import + "-Path $full -PropertyMap @{ city = 'town' }")]
    public async Task Objects_JSON_and_renamed_columns_are_compared_by_what_is_sent(string command)
    {
        await using var shell = ConnectedShell.Open();
        using var folder = new TemporaryFolder();
        shell.Shell.Set("full", folder.Write("full.csv", "user_id,city,tier\n1,Bonn,gold\n")).Set("json", folder.Write("few.ndjson", "{\"user_id\":\"1\",\"tier\":\"gold\"}\n"));
        shell.Run(Import + "-Path $full").EnsureSucceeded();

        Assert.Contains("'city'", Assert.Single(shell.Run(command).EnsureSucceeded().Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trial_import_is_not_remembered_and_more_columns_need_no_warning()
    {
        await using var shell = ConnectedShell.Open();
        using var folder = new TemporaryFolder();
        shell.Shell.Set("full", folder.Write("full.csv", "user_id,city,tier\n1,Bonn,gold\n")).Set("few", folder.Write("few.csv", "user_id,tier\n1,gold\n"));
        shell.Run(Import + "-Path $full -First 1").EnsureSucceeded();

        Assert.Empty(shell.Run(Import + "-Path $few").EnsureSucceeded().Warnings);
        Assert.Empty(shell.Run(Import + "-Path $full").EnsureSucceeded().Warnings);
    }
}
