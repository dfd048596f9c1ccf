using OptimoveDC.Cmdlets.Tests.Hosting;

namespace OptimoveDC.Cmdlets.Tests.Writing;

/// <summary>-WhatIf sends nothing, by the emulator's own count.</summary>
public sealed class WhatIfTests
{
    [Theory]
    [InlineData("New-OptimoveDataConnection -Name Loyalty -PrimaryKey user_id -WhatIf")]
    [InlineData("Import-OptimoveData -Path $csv -DataConnectionId $id -KeyProperty user_id -WhatIf")]
    [InlineData("@{ user_id = 1 }, @{ user_id = 2 } | Import-OptimoveData -DataConnectionId $id -KeyProperty user_id -WhatIf")]
    [InlineData("Set-OptimoveRecord -DataConnectionId $id -PrimaryKey 1 -Data @{ a = 1 } -WhatIf")]
    [InlineData("@{ user_id = 1 } | Set-OptimoveRecord -DataConnectionId $id -KeyProperty user_id -PassThru -WhatIf")]
    [InlineData("Remove-OptimoveRecord -DataConnectionId $id -PrimaryKey 1, 2 -WhatIf")]
    [InlineData("1, 2 | Remove-OptimoveRecord -DataConnectionId $id -PassThru -WhatIf")]
    [InlineData("$WhatIfPreference = $true; 1 | Remove-OptimoveRecord -DataConnectionId $id")]
    public async Task A_writing_cmdlet_with_WhatIf_makes_no_request_and_writes_nothing(string script)
    {
        var host = new ScreenHost();
        await using var shell = ConnectedShell.Open(host: host);
        using var folder = new TemporaryFolder();
        shell.Shell.Set("csv", folder.Write("customers.csv", "user_id\n1\n"));

        var run = shell.Run(script).EnsureSucceeded();

        Assert.Equal(0, shell.Server.Service.RequestCount);
        Assert.Empty(run.Output);
        Assert.Contains("What if:", host.Screen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_question_says_that_the_whole_record_is_replaced()
    {
        var host = new ScreenHost();
        await using var shell = ConnectedShell.Open(host: host);

        shell.Run("@{ user_id = 1 } | Import-OptimoveData -DataConnectionId $id -KeyProperty user_id -WhatIf; Set-OptimoveRecord -DataConnectionId $id -PrimaryKey 1 -Data @{} -WhatIf").EnsureSucceeded();

        Assert.Contains("replacing the whole record", host.Screen, StringComparison.Ordinal);
        Assert.Contains("Replace the whole record", host.Screen, StringComparison.Ordinal);
        Assert.Contains(shell.Connection.Id.ToString(), host.Screen.ReplaceLineEndings(""), StringComparison.Ordinal);
    }
}
