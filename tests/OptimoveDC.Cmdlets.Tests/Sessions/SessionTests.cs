using OptimoveDC.Cmdlets.Tests.Hosting;

namespace OptimoveDC.Cmdlets.Tests.Sessions;

/// <summary>Sessions: how they are opened, whose they are, and how they end.</summary>
public sealed class SessionTests
{
    [Fact]
    public async Task A_session_belongs_to_its_runspace_and_travels_to_another_by_parameter()
    {
        await using var shell = ConnectedShell.Open();
        await using var other = ShellSession.Open();
        var session = shell.Run("Get-OptimoveSession").Only<Session>();

        Assert.Empty(other.Run("Get-OptimoveSession").Output);
        other.Set("session", session).Set("id", shell.Connection.Id);
        Assert.Equal(1, other.Run("@{ user_id = 1 } | Import-OptimoveData -DataConnectionId $id -KeyProperty user_id -Session $session").Only<LoadResult>().Sent);
    }

    [Fact]
    public async Task A_disconnected_session_is_gone_for_everybody_who_has_it()
    {
        await using var shell = ConnectedShell.Open();

        shell.Run("$session = Get-OptimoveSession; Disconnect-Optimove").EnsureSucceeded();

        Assert.Empty(shell.Run("Get-OptimoveSession").Output);
        Assert.Equal("Optimove.NotConnected", shell.Run("New-OptimoveDataConnection -Name x -PrimaryKey y -Session $session").LastError.FullyQualifiedErrorId.Split(',')[0]);
        shell.Run("Disconnect-Optimove").EnsureSucceeded();
    }

    [Fact]
    public async Task Keys_are_taken_from_the_environment_when_none_are_given()
    {
        await using var shell = ConnectedShell.Open();
        try
        {
            Environment.SetEnvironmentVariable("OPTIMOVE_API_KEY", shell.Brand.ApiKey);
            Environment.SetEnvironmentVariable("OPTIMOVE_BRAND_KEY", shell.Brand.BrandKey.ToString());

            var run = shell.Run("Disconnect-Optimove; Connect-Optimove -Uri $uri; New-OptimoveDataConnection -Name x -PrimaryKey y");

            Assert.Equal("x", run.Only<DataConnection>().Name);
        }
        finally
        {
            Environment.SetEnvironmentVariable("OPTIMOVE_API_KEY", null);
            Environment.SetEnvironmentVariable("OPTIMOVE_BRAND_KEY", null);
        }
    }

    [Fact]
    public async Task Without_keys_anywhere_the_error_names_both_ways()
    {
        await using var shell = ShellSession.Open();

        var error = shell.Run("Connect-Optimove").LastError;

        Assert.Contains("-Credential", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("OPTIMOVE_API_KEY", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_keeps_the_connection_and_the_key_type_for_the_calls_that_name_none()
    {
        await using var shell = ConnectedShell.Open(connectArguments: "-DataConnectionId $id -KeyType String");

        shell.Run("$null = @{ user_id = 5 } | Import-OptimoveData -KeyProperty user_id").EnsureSucceeded();

        Assert.Equal("\"5\"", Assert.Single(shell.Connection.Records).KeyJson);
    }

    [Fact]
    public async Task The_session_survives_a_second_import_of_the_module_by_force()
    {
        await using var shell = ConnectedShell.Open();

        shell.Shell.Set("manifest", PackagedModule.Manifest).Run("Import-Module $manifest -Force; Import-Module $manifest -Force").EnsureSucceeded();

        Assert.True(shell.Run("Get-OptimoveSession").Only<Session>().IsConnected);
    }

    [Theory]
    [InlineData("Staging", "https://api.staging.opti-x.optimove.net/api/data-connections/v1")]
    [InlineData("Production", "https://api.opti-x.optimove.net/api/data-connections/v1")]
    public async Task The_environment_chooses_the_address(string environment, string address)
    {
        await using var shell = ConnectedShell.Open();

        var session = shell.Run($"Connect-Optimove -Credential $credential -Environment {environment} -PassThru").Only<Session>();

        Assert.Equal((environment, address), (session.Environment.ToString(), session.Uri.AbsoluteUri));
    }
}
