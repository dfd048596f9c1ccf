using System.Diagnostics;
using OptimoveDC.Cmdlets.Tests.Documents;
using OptimoveDC.Cmdlets.Tests.Hosting;

namespace OptimoveDC.Cmdlets.Tests.Packaging;

/// <summary>The suite of the real shell, where there is one.</summary>
[Collection(Alone.Name)]
public sealed class PesterTests
{
    private const int NoPester = 64;

    private const string Script = """
        $ErrorActionPreference = 'Stop'
        if (-not (Get-Module Pester -ListAvailable | Where-Object Version -ge ([version] '5.0'))) { exit 64 }
        Import-Module Pester -MinimumVersion 5.0
        $result = Invoke-Pester -Path $env:PESTER_SUITE -Output Detailed -PassThru
        "Pester: $($result.PassedCount) passed, $($result.FailedCount) failed"
        exit $(if ($result.Result -eq 'Passed' -and $result.PassedCount -gt 0) { 0 } else { 1 })
        """;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    [Fact]
    public async Task The_Pester_suite_passes_in_a_real_shell()
    {
        var start = new ProcessStartInfo("pwsh", ["-NoProfile", "-NonInteractive", "-Command", Script])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PESTER_SUITE"] = Path.Combine(PackagedModule.RepositoryRoot, "tests", "pester");

        // The shell builds its own: this one's is for the engine in this process.
        start.Environment.Remove("PSModulePath");
        using var shell = Start(start);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(Limit);
        string output;
        try
        {
            var errors = shell.StandardError.ReadToEndAsync(timeout.Token);
            output = await shell.StandardOutput.ReadToEndAsync(timeout.Token) + await errors;
            await shell.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            shell.Kill(entireProcessTree: true);
            throw;
        }

        Assert.SkipWhen(shell.ExitCode == NoPester, "PowerShell is there, but not Pester 5 or later.");
        Assert.True(shell.ExitCode == 0, output);
        Assert.Matches("Pester: [1-9][0-9]* passed, 0 failed", output);
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("There is no pwsh on the PATH.");
            throw;
        }
    }
}
