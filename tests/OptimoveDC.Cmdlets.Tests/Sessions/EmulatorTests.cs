using System.Collections.Specialized;
using OptimoveDC.Cmdlets.Tests.Hosting;

namespace OptimoveDC.Cmdlets.Tests.Sessions;

/// <summary>The emulator as a user starts, asks and stops it.</summary>
public sealed class EmulatorTests
{
    [Fact]
    public async Task It_is_started_connected_to_filled_asked_and_stopped()
    {
        await using var shell = ShellSession.Open();

        var records = shell.Run("""
            $emulator = Start-OptimoveEmulator
            $emulator | Connect-Optimove
            $c = New-OptimoveDataConnection -Name Loyalty -PrimaryKey user_id
            $null = @{ user_id = '007'; n = 1 }, @{ user_id = 7; n = @{ deep = 1.50d } } | Import-OptimoveData -DataConnectionId $c -TimeToLive 60
            Get-OptimoveEmulatorRecord -DataConnectionId $c
            """).EnsureSucceeded().Objects<EmulatorRecord>();

        Assert.Equal(["007", 7L], records.Select(record => record.PrimaryKey));
        Assert.All(records, record => Assert.Equal(60, record.TimeToLive));
        Assert.Equal(1.50m, ((OrderedDictionary)records[1].Data["n"]!)["deep"]);
        Assert.Equal("007", Assert.Single(shell.Run("Get-OptimoveEmulatorRecord -DataConnectionId $c -PrimaryKey '007'").Objects<EmulatorRecord>()).PrimaryKey);

        var after = shell.Run("$emulator.Advance([timespan]'00:01:00'); Get-OptimoveEmulatorRecord -DataConnectionId $c; $emulator.RequestCount; Stop-OptimoveEmulator $emulator; $emulator.IsRunning");
        Assert.Equal([2L, false], after.EnsureSucceeded().Output.Select(item => item.BaseObject));
        Assert.Equal("Optimove.NetworkError", shell.Run("New-OptimoveDataConnection -Name x -PrimaryKey y").LastError.FullyQualifiedErrorId.Split(',')[0]);
    }

    [Fact]
    public async Task Its_limit_is_obeyed_and_told_in_one_warning_with_the_wait()
    {
        await using var shell = ShellSession.Open();

        var run = shell.Run("""
            $emulator = Start-OptimoveEmulator -RateLimit 2 -RateLimitWindow 1
            Connect-Optimove -Emulator $emulator
            $c = New-OptimoveDataConnection -Name Loyalty -PrimaryKey user_id
            1..3 | ForEach-Object { @{ user_id = $_ } } | Import-OptimoveData -DataConnectionId $c -BatchSize 1 -ThrottleLimit 1
            Stop-OptimoveEmulator $emulator
            """).EnsureSucceeded();

        var result = Assert.Single(run.Objects<LoadResult>());
        Assert.True(result.Throttled > 0);
        Assert.Equal(3, result.Sent);
        Assert.Contains(run.Warnings, warning => warning.Contains("429", StringComparison.Ordinal));
    }
}
