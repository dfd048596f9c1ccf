using System.Management.Automation;
using OptimoveDC.Cmdlets.Tests.Hosting;

namespace OptimoveDC.Cmdlets.Tests.Sessions;

/// <summary>How the keys come in: as a credential, by the name of a secret, and never as plain text.</summary>
public sealed class CredentialTests
{
    // SecretManagement, as far as Get-Secret is concerned.
    private const string SecretManagement = """
        function Get-Secret {
            [CmdletBinding()]
            param([Parameter(Mandatory, Position = 0)] [string] $Name, [string] $Vault)
            $global:SecretReads += "$Vault/$Name"
            $secret = $global:Secrets["$Vault/$Name"]
            if ($null -eq $secret) { throw "The secret $Name was not found." }
            $secret
        }
        """;

    private const string Create = "New-OptimoveDataConnection -Name x -PrimaryKey y";

    [Fact]
    public async Task A_secret_is_kept_by_name_and_read_only_when_a_request_needs_it()
    {
        await using var shell = OpenWithVault();

        var session = shell.Run("Connect-Optimove -Uri $uri -SecretName Optimove -Vault Production -PassThru").Only<Session>();
        shell.Run("Get-OptimoveSession; " + Create + " -WhatIf").EnsureSucceeded();

        Assert.Equal(("Optimove", "Production", ""), (session.SecretName, session.Vault, session.BrandKeyEnding));
        Assert.Empty(Reads(shell));
        shell.Run(Create).EnsureSucceeded();
        Assert.Equal(["Production/Optimove"], Reads(shell));
    }

    [Fact]
    public async Task A_key_that_was_renewed_in_the_vault_is_used_from_the_next_call_on()
    {
        await using var shell = OpenWithVault();
        shell.Run("Connect-Optimove -Uri $uri -SecretName Optimove -Vault Production").EnsureSucceeded();
        shell.Run(Create).EnsureSucceeded();
        shell.Shell.Set("expired", new PSCredential(shell.Brand.BrandKey.ToString(), ConnectedShell.Secret("an-old-key")));

        shell.Run("$Secrets['Production/Optimove'] = $expired").EnsureSucceeded();
        Assert.Equal("Optimove.AuthenticationFailed", Id(shell.Run(Create)));

        shell.Run("$Secrets['Production/Optimove'] = $credential").EnsureSucceeded();
        shell.Run(Create).EnsureSucceeded();
    }

    [Fact]
    public async Task A_call_reads_its_secret_once_however_many_requests_it_makes()
    {
        await using var shell = OpenWithVault();
        shell.Run("Connect-Optimove -Uri $uri -SecretName Optimove -Vault Production").EnsureSucceeded();

        var result = shell.Run("1..50 | ForEach-Object { @{ user_id = $_ } } | Import-OptimoveData -DataConnectionId $id -KeyProperty user_id -BatchSize 5").Only<LoadResult>();

        Assert.Equal((50L, 10L), (result.Sent, result.Requests));
        Assert.Single(Reads(shell));
    }

    [Fact]
    public async Task An_API_key_alone_is_completed_by_BrandKey_and_the_vault_can_be_left_to_SecretManagement()
    {
        await using var shell = OpenWithVault();
        shell.Shell.Set("brand", shell.Brand.BrandKey);

        var session = shell.Run("Connect-Optimove -Uri $uri -SecretName ApiKey -BrandKey $brand -PassThru").Only<Session>();
        shell.Run(Create).EnsureSucceeded();

        Assert.Equal("…" + shell.Brand.BrandKey.ToString()[^4..], session.BrandKeyEnding);
        Assert.Equal(["/ApiKey"], Reads(shell));
    }

    [Fact]
    public async Task A_disconnected_session_reads_nothing_any_more()
    {
        await using var shell = OpenWithVault();
        shell.Run("$session = Connect-Optimove -Uri $uri -SecretName Optimove -Vault Production -PassThru; Disconnect-Optimove").EnsureSucceeded();

        Assert.Equal("Optimove.NotConnected", Id(shell.Run(Create + " -Session $session")));
        Assert.Empty(Reads(shell));
    }

    [Theory]
    [InlineData("Nowhere", "was not found")]
    [InlineData("ApiKey", "-BrandKey")]
    [InlineData("Text", "neither")]
    [InlineData("Swapped", "swapped")]
    [InlineData("Nobody", "brand's UUID")]
    public async Task A_secret_that_is_missing_or_something_else_is_an_error_that_says_what_is_needed_and_shows_nothing(string name, string reason)
    {
        await using var shell = OpenWithVault();
        shell.Run($"Connect-Optimove -Uri $uri -SecretName {name}").EnsureSucceeded();

        var run = shell.Run(Create);

        Assert.Equal("Optimove.SecretUnreadable", Id(run));
        Assert.Equal(ErrorCategory.AuthenticationError, run.LastError.CategoryInfo.Category);
        Assert.Contains(reason, run.LastError.ToString(), StringComparison.Ordinal);
        Assert.Contains($"'{name}'", run.LastError.ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(run.LastError.ErrorDetails.RecommendedAction);
        AssertNoSecret(shell, run);
        Assert.Equal(0, shell.Server.Service.RequestCount);
    }

    [Fact]
    public async Task Without_SecretManagement_the_error_says_how_to_get_it()
    {
        await using var shell = ConnectedShell.Open();

        var error = shell.Run("Connect-Optimove -Uri $uri -SecretName Optimove").LastError;

        Assert.Contains("Install-PSResource Microsoft.PowerShell.SecretManagement", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_Get_AutomationPSCredential_gives_is_taken_as_it_is()
    {
        await using var shell = ConnectedShell.Open();

        shell.Run($"function Get-AutomationPSCredential {{ param($Name) $credential }}; Connect-Optimove -Uri $uri -Credential (Get-AutomationPSCredential -Name Optimove); {Create}").EnsureSucceeded();
    }

    [Fact]
    public async Task A_credential_whose_keys_are_swapped_is_said_clearly_and_not_shown()
    {
        await using var shell = ConnectedShell.Open();
        shell.Shell.Set("swapped", Swapped(shell));

        var run = shell.Run("Connect-Optimove -Uri $uri -Credential $swapped");

        Assert.Contains("swapped", run.LastError.ToString(), StringComparison.Ordinal);
        AssertNoSecret(shell, run);
    }

    [Theory]
    [InlineData("Connect-Optimove -Uri $uri -BrandKey $brand -ApiKey $key")]
    [InlineData("Connect-Optimove -Uri $uri -BrandKey $brand -ApiKey \"$key\"")]
    [InlineData("Connect-Optimove -Uri $uri -BrandKey $brand -ApiKey ([pscustomobject]@{ Key = $key })")]
    public async Task A_key_in_plain_text_is_refused_with_the_line_that_does_it_right_and_not_shown(string script)
    {
        await using var shell = ConnectedShell.Open();
        shell.Shell.Set("key", shell.Brand.ApiKey).Set("brand", shell.Brand.BrandKey);

        var run = shell.Run(script);

        Assert.Contains("Connect-Optimove -ApiKey (Read-Host -AsSecureString 'API key') -BrandKey <uuid>", run.LastError.ToString(), StringComparison.Ordinal);
        AssertNoSecret(shell, run);
    }

    [Fact]
    public async Task The_line_that_does_it_right_does_it()
    {
        await using var shell = ConnectedShell.Open();
        shell.Shell.Set("key", ConnectedShell.Secret(shell.Brand.ApiKey)).Set("brand", shell.Brand.BrandKey);

        shell.Run("function Read-Host { param([switch] $AsSecureString, $Prompt) $key }; Connect-Optimove -Uri $uri -ApiKey (Read-Host -AsSecureString 'API key') -BrandKey $brand; " + Create).EnsureSucceeded();
    }

    private static ConnectedShell OpenWithVault()
    {
        var shell = ConnectedShell.Open();
        shell.Shell
            .Set("apiKey", ConnectedShell.Secret(shell.Brand.ApiKey))
            .Set("swapped", Swapped(shell))
            .Set("nobody", new PSCredential("nobody", ConnectedShell.Secret(shell.Brand.ApiKey)))
            .Set("text", shell.Brand.ApiKey);
        shell.Run($$"""
            $null = New-Module -Name Microsoft.PowerShell.SecretManagement { {{SecretManagement}} } | Import-Module
            $global:SecretReads = @()
            $global:Secrets = @{ 'Production/Optimove' = $credential; '/ApiKey' = $apiKey; '/Text' = $text; '/Swapped' = $swapped; '/Nobody' = $nobody }
            """).EnsureSucceeded();
        return shell;
    }

    private static PSCredential Swapped(ConnectedShell shell) => new(shell.Brand.ApiKey, ConnectedShell.Secret(shell.Brand.BrandKey.ToString()));

    private static IEnumerable<string> Reads(ConnectedShell shell) => shell.Run("$SecretReads").EnsureSucceeded().Objects<string>();

    private static string Id(ShellRun run) => run.LastError.FullyQualifiedErrorId.Split(',')[0];

    private static void AssertNoSecret(ConnectedShell shell, ShellRun run)
    {
        Assert.DoesNotContain(shell.Brand.ApiKey, run.AllText, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(shell.Brand.BrandKey.ToString(), run.AllText, StringComparison.OrdinalIgnoreCase);
    }
}
