using System.Management.Automation;
using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using OptimoveDC.Cmdlets.Tests.Hosting;
using OptimoveDC.Emulator;

namespace OptimoveDC.Cmdlets.Tests.Errors;

/// <summary>
/// Secrets that can be recognised in any writing, in every parameter that takes one: they are looked for in every stream, in
/// <c>$Error</c>, in every file, and in what the module keeps in memory.
/// </summary>
public sealed class CanaryTests
{
    /// <summary>Every character that base64, a URL, JSON or a page writes in another way.</summary>
    private const string Password = "P4SSWORD-ä+/&<\"\\'=x9Z";
    private const string Brand = "c0ffee00-2f6c-4a5d-9d07-1a2b3c4d5e6f";
    private const string Connect = "Connect-Optimove -Uri $uri -Credential $canary -PassThru";

    private const string Calls = """
        Get-OptimoveSession
        New-OptimoveDataConnection -Name Loyalty -PrimaryKey user_id
        Import-OptimoveData -Path $csv -DataConnectionId $id -KeyProperty user_id -MaxThrottleWait 1 -BatchSize 1 -RejectPath $rejects
        Import-OptimoveData -Path $csv -DataConnectionId $id -KeyProperty user_id -MaxThrottleWait 1 -BatchSize 1 -CheckpointPath $checkpoint -Resume
        Set-OptimoveRecord -DataConnectionId $id -PrimaryKey 1 -Data @{ a = 1 } -PassThru -MaxThrottleWait 1
        Remove-OptimoveRecord -DataConnectionId $id -PrimaryKey 1 -Confirm:$false -PassThru -MaxThrottleWait 1
        Test-OptimoveData -Path $csv -KeyProperty user_id
        Get-OptimoveImport
        """;

    private const string Remains = "$Error | ForEach-Object { $_; $_.Exception; $_.Exception.InnerException; $_.TargetObject; $_.InvocationInfo; $_.InvocationInfo.BoundParameters; $_.ScriptStackTrace; $_.ErrorDetails }";

    /// <summary>Another one in each test: an emulator may get the port of an earlier one, and what that asked for would still hold for the same key.</summary>
    private string Key { get; } = $"CANARY-4f+/9b<e>&\"0c\\'=~Q7{Guid.NewGuid():N}";

    public static TheoryData<int, string> Answers()
    {
        var data = new TheoryData<int, string>();
        foreach (var status in new[] { 200, 400, 401, 403, 429 })
        {
            foreach (var form in new[] { "plain", "base64", "url", "json", "page", "cut" })
            {
                data.Add(status, form);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task An_answer_that_quotes_the_keys_in_another_writing_shows_none_of_them(int status, string form)
    {
        await using var shell = ConnectedShell.Open(new EmulatorOptions
        {
            FaultPlan = request => new Fault
            {
                StatusCode = status,
                Body = Quote(form, request.Headers["x-api-key"], request.Headers["x-brand-key"]),
                ContentType = form == "page" ? "text/html" : "text/plain",
                Headers = new Dictionary<string, string> { ["Retry-After"] = "3600", ["x-request-id"] = SecretForms.Base64(request.Headers["x-api-key"]) },
            },
        });
        using var folder = Prepare(shell);

        var text = Run(shell, Connect + "\n" + Calls);

        Assert.Contains(shell.Server.Service.Requests, request => request.Headers["x-api-key"] == Key);
        SecretForms.AssertNone(text + Files(folder.Path), Key, Brand);

        // Nor a beginning or an end of it that would tell much of it.
        Assert.DoesNotContain(Key[..12], text, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(Connect)]
    [InlineData("Connect-Optimove -Uri $uri -ApiKey $canary.Password -BrandKey $canary.UserName -PassThru")]
    [InlineData("Connect-Optimove -Uri $uri -SecretName Optimove -Vault Production -PassThru")]
    [InlineData("Connect-Optimove -Uri $uri -PassThru")]
    public async Task However_the_keys_come_in_a_refusal_a_break_and_a_stop_leave_none_of_them_anywhere(string connect)
    {
        var count = 0;
        await using var shell = ConnectedShell.Open(new EmulatorOptions { FaultPlan = _ => new Fault { StatusCode = (count++ % 4) switch { 0 => 401, 1 => 400, 2 => 404, _ => 302 } } });
        using var folder = Prepare(shell);
        shell.Run("""
            $null = New-Module -Name Microsoft.PowerShell.SecretManagement { function Get-Secret { [CmdletBinding()] param([string] $Name, [string] $Vault) $global:canary } } | Import-Module
            $global:canary = $canary
            """).EnsureSucceeded();
        var environment = connect == "Connect-Optimove -Uri $uri -PassThru";
        string text;
        try
        {
            Environment.SetEnvironmentVariable("OPTIMOVE_API_KEY", environment ? Key : null);
            Environment.SetEnvironmentVariable("OPTIMOVE_BRAND_KEY", environment ? Brand : null);
            text = Run(shell, connect + "\n" + Calls);
        }
        finally
        {
            Environment.SetEnvironmentVariable("OPTIMOVE_API_KEY", null);
            Environment.SetEnvironmentVariable("OPTIMOVE_BRAND_KEY", null);
        }

        Assert.Contains(shell.Server.Service.Requests, request => request.Headers["x-api-key"] == Key);
        SecretForms.AssertNone(text + Files(folder.Path) + Files(UserData.Folder), Key, Brand);
    }

    [Fact]
    public async Task A_proxy_that_quotes_its_own_password_shows_none_of_it()
    {
        await using var proxy = new QuotingProxy();
        await using var shell = ConnectedShell.Open();
        using var folder = Prepare(shell);
        shell.Shell.Set("proxy", proxy.Address).Set("proxyCredential", new PSCredential("agent", ConnectedShell.Secret(Password)));

        var text = Run(shell, Connect + " -Proxy $proxy -ProxyCredential $proxyCredential\n" + Calls);

        Assert.Contains("Basic " + SecretForms.Base64($"agent:{Password}"), proxy.Authorizations);
        Assert.Equal(0, shell.Server.Service.RequestCount);
        SecretForms.AssertNone(text + Files(folder.Path), Key, Brand, Password);
        Assert.DoesNotContain(SecretForms.Base64($"agent:{Password}"), text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Connect-Optimove -Uri $uri -Credential $canary -Proxy 'http://agent:P4SSW0RD@127.0.0.1:9/'", "-ProxyCredential")]
    [InlineData("Connect-Optimove -Uri 'https://agent:P4SSW0RD@api.example/' -Credential $canary", "must not carry a user name")]
    [InlineData("Connect-Optimove -Uri 'ftp://agent:P4SSW0RD@api.example/' -Credential $canary", "must not carry a user name")]
    public async Task A_password_in_an_address_is_refused_and_not_repeated(string script, string reason)
    {
        await using var shell = ConnectedShell.Open();
        using var folder = Prepare(shell);

        var run = shell.Run(script);

        Assert.Equal("Optimove.ArgumentInvalid", run.LastError.FullyQualifiedErrorId.Split(',')[0]);
        Assert.Contains(reason, run.LastError.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("P4SSW0RD", run.AllText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_module_writes_for_itself_is_the_owners_alone_on_Unix()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("On Windows the user's own folder has the user's permissions.");
            return;
        }

        await using var shell = ConnectedShell.Open(new EmulatorOptions { FaultPlan = request => request.Sequence > 2 ? new Fault { StatusCode = 401 } : null });
        using var folder = new TemporaryFolder();
        shell.Shell
            .Set("csv", folder.Write("customers.csv", "user_id\n" + string.Concat(Enumerable.Range(0, 50).Select(n => $"{n}\n")) + ",\n"))
            .Set("rejects", Path.Combine(folder.Path, "deep", "below", "rejects.ndjson"));
        shell.Run("Import-OptimoveData -Path $csv -DataConnectionId $id -KeyProperty user_id -BatchSize 10 -RejectPath $rejects");

        var checkpoint = Assert.Single(shell.Run("Get-OptimoveImport").EnsureSucceeded().Objects<UnfinishedImport>(), import => import.DataConnectionId == shell.Connection.Id).CheckpointPath;
        foreach (var file in new[] { checkpoint, (string)shell.Shell.Get("rejects")! })
        {
            Assert.Equal((file, UnixFileMode.UserRead | UnixFileMode.UserWrite), (file, File.GetUnixFileMode(file)));
        }

        foreach (var made in new[] { Path.GetDirectoryName(checkpoint)!, Path.Combine(folder.Path, "deep"), Path.Combine(folder.Path, "deep", "below") })
        {
            Assert.Equal((made, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute), (made, File.GetUnixFileMode(made)));
        }
    }

    private TemporaryFolder Prepare(ConnectedShell shell)
    {
        var folder = new TemporaryFolder();
        shell.Shell
            .Set("canary", new PSCredential(Brand, ConnectedShell.Secret(Key)))
            .Set("csv", folder.Write("customers.csv", "user_id\n1\n2\n\"\"\n"))
            .Set("rejects", Path.Combine(folder.Path, "rejects.ndjson"))
            .Set("checkpoint", Path.Combine(folder.Path, "import.checkpoint"))
            .ShowEverything();
        return folder;
    }

    // All that could be read afterwards: every stream of every call, and what the shell keeps of its errors.
    private static string Run(ConnectedShell shell, string script) =>
        string.Join('\n', script.Split('\n', StringSplitOptions.RemoveEmptyEntries).Append(Remains).Select(line => shell.Run(line).AllText));

    private static string Files(string folder) =>
        string.Join('\n', Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(ReadFile));

    private static string ReadFile(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            // Another test's, which writes to it or has taken it away; those of this one are closed.
            return "";
        }
    }

    private static string Quote(string form, string key, string brand) => form switch
    {
        "plain" => $"You sent {key} and {brand}",
        "base64" => $"You sent {SecretForms.Base64(key)}, {SecretForms.Base64(brand)} and Basic {SecretForms.Base64($"{brand}:{key}")}",
        "url" => $"GET /?key={Uri.EscapeDataString(key)}&other={WebUtility.UrlEncode(key)}&brand={brand}",
        "json" => $"Not JSON: {{\"key\":{JsonSerializer.Serialize(key)},\"same\":\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(key)}\",\"brand\":\"{brand}\"",
        "page" => $"<html><body><p>You sent {WebUtility.HtmlEncode(key)}</p><p>{brand}</p></body></html>",
        _ => $"You sent x-brand-key: {brand} and x-api-key: {key[..^3]}",
    };
}
