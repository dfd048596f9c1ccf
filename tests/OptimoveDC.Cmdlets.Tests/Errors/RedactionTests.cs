using OptimoveDC.Cmdlets.Tests.Hosting;
using OptimoveDC.Emulator;

namespace OptimoveDC.Cmdlets.Tests.Errors;

/// <summary>No key is in any stream, property, exception or file, whatever goes wrong.</summary>
public sealed class RedactionTests
{
    private const string Everything = """
        Connect-Optimove -Uri $uri -Credential $credential -PassThru
        Get-OptimoveSession
        New-OptimoveDataConnection -Name Loyalty -PrimaryKey user_id
        Import-OptimoveData -Path $csv -DataConnectionId $id -KeyProperty user_id -MaxThrottleWait 1
        Set-OptimoveRecord -DataConnectionId $id -PrimaryKey 1 -Data @{ a = 1 } -PassThru -MaxThrottleWait 1
        Remove-OptimoveRecord -DataConnectionId $id -PrimaryKey 1 -Confirm:$false -PassThru -MaxThrottleWait 1
        """;

    [Theory]
    [InlineData(200)]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(418)]
    [InlineData(429)]
    public async Task Even_a_service_that_quotes_the_headers_back_reveals_no_key(int status)
    {
        ConnectedShell? connected = null;
        await using var shell = connected = ConnectedShell.Open(new EmulatorOptions
        {
            FaultPlan = _ => new Fault
            {
                StatusCode = status,
                Body = $$"""{"message":"You sent x-api-key: {{connected!.Brand.ApiKey}} and x-brand-key: {{connected.Brand.BrandKey}}","requestId":"{{connected.Brand.ApiKey}}"}""",
                Headers = new Dictionary<string, string> { ["Retry-After"] = "3600", ["x-request-id"] = connected.Brand.ApiKey },
            },
        });
        using var folder = new TemporaryFolder();
        shell.Shell.Set("csv", folder.Write("customers.csv", "user_id\n1\n")).ShowEverything();

        foreach (var line in Everything.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            AssertNoKey(shell, shell.Run(line));
        }

        AssertNoKey(shell, shell.Run("$Error | ForEach-Object { $_; $_.Exception; $_.TargetObject; $_.InvocationInfo; $_.ScriptStackTrace }"));
        Assert.All(Directory.EnumerateFiles(folder.Path), file => AssertNoKey(shell, File.ReadAllText(file)));
    }

    [Fact]
    public async Task A_working_session_writes_verbose_and_debug_lines_without_keys_or_values()
    {
        await using var shell = ConnectedShell.Open();
        using var folder = new TemporaryFolder();
        shell.Shell.Set("csv", folder.Write("customers.csv", "user_id,city\n1,CONFIDENTIAL\n")).ShowEverything();

        var run = shell.Run("Import-OptimoveData -Path $csv -DataConnectionId $id -KeyProperty user_id").EnsureSucceeded();

        AssertNoKey(shell, run);
        Assert.Contains(run.Verbose, line => line.Contains("POST", StringComparison.Ordinal) && line.Contains("200", StringComparison.Ordinal) && line.Contains("request id", StringComparison.Ordinal));
        Assert.DoesNotContain("CONFIDENTIAL", run.AllText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("line1`nline2")]
    [InlineData("with space")]
    [InlineData("ключ")]
    public async Task A_key_that_no_header_can_carry_is_refused_without_being_quoted(string key)
    {
        await using var shell = ShellSession.Open();
        shell.Set("key", ConnectedShell.Secret(key.Replace("`n", "\n", StringComparison.Ordinal)));

        var run = shell.Run("Connect-Optimove -ApiKey $key -BrandKey ([guid]::NewGuid())");

        Assert.Equal("Optimove.ArgumentInvalid", run.LastError.FullyQualifiedErrorId.Split(',')[0]);
        Assert.DoesNotContain(key, run.AllText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plain_text_key_is_refused_with_the_line_that_does_it_right()
    {
        await using var shell = ShellSession.Open();

        var run = shell.Set("key", "PLAINSECRET").Run("Connect-Optimove -ApiKey $key -BrandKey ([guid]::NewGuid())");

        Assert.Contains("Read-Host -AsSecureString", run.LastError.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("PLAINSECRET", run.AllText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_brand_key_that_is_none_may_be_the_API_key_and_is_not_quoted()
    {
        await using var shell = ShellSession.Open();
        shell.Set("swapped", new System.Management.Automation.PSCredential("SWAPPEDSECRET", ConnectedShell.Secret("x")));

        Assert.DoesNotContain("SWAPPEDSECRET", shell.Run("Connect-Optimove -Credential $swapped").AllText, StringComparison.Ordinal);
    }

    private static void AssertNoKey(ConnectedShell shell, ShellRun run) => AssertNoKey(shell, run.AllText);

    private static void AssertNoKey(ConnectedShell shell, string text)
    {
        Assert.DoesNotContain(shell.Brand.ApiKey, text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(shell.Brand.BrandKey.ToString(), text, StringComparison.OrdinalIgnoreCase);
    }
}
