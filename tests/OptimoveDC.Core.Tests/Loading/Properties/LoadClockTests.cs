using System.Diagnostics;

namespace OptimoveDC.Core.Tests.Loading.Properties;

/// <summary>The clock of the cases: time passes when everything waits for it, and never under a request on its way.</summary>
public sealed class LoadClockTests : IDisposable
{
    // Real time: long enough to see that nothing happens.
    private static readonly TimeSpan AWhile = TimeSpan.FromMilliseconds(100);
    private readonly LoadClock _clock = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hours_pass_at_once_when_nothing_is_under_way()
    {
        var real = Stopwatch.StartNew();
        await Task.Delay(TimeSpan.FromHours(5), _clock, Cancelled);

        Assert.Equal(TimeSpan.FromHours(5), _clock.Elapsed);
        Assert.True(real.Elapsed < TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Time_stands_still_while_an_attempt_travels()
    {
        using var attempt = new CancellationTokenSource(LoadClock.AttemptTimeout, _clock);
        var wait = Task.Delay(TimeSpan.FromSeconds(1), _clock, Cancelled);
        await Task.Delay(AWhile, Cancelled);
        Assert.Equal((TimeSpan.Zero, false), (_clock.Elapsed, wait.IsCompleted));

        attempt.Dispose();
        await wait;

        Assert.Equal(TimeSpan.FromSeconds(1), _clock.Elapsed);
        Assert.False(attempt.IsCancellationRequested);
        Assert.Equal(1, _clock.AttemptsSeen);
    }

    [Fact]
    public async Task A_wait_that_happens_to_be_as_long_as_the_timeout_of_an_attempt_is_none()
    {
        await Task.Delay(LoadClock.AttemptTimeout, _clock, Cancelled).WaitAsync(TimeSpan.FromSeconds(10), Cancelled);

        Assert.Equal(LoadClock.AttemptTimeout, _clock.Elapsed);
        Assert.Equal(0, _clock.AttemptsSeen);
    }

    [Fact]
    public async Task A_pause_ends_before_the_attempt_that_it_holds_does()
    {
        using var attempt = new CancellationTokenSource(LoadClock.AttemptTimeout, _clock);
        await Task.Delay(TimeSpan.FromSeconds(5), _clock.Service, Cancelled);
        await Task.Delay(AWhile, Cancelled);

        Assert.Equal((TimeSpan.FromSeconds(5), false), (_clock.Elapsed, attempt.IsCancellationRequested));
    }

    [Fact]
    public async Task An_attempt_that_is_held_for_good_times_out_and_takes_its_hold_along()
    {
        using var held = new CancellationTokenSource(LoadClock.AttemptTimeout, _clock);
        var hold = Task.Delay(LoadClock.AttemptTimeout * 3, _clock.Service, Cancelled);
        await Task.Delay(Timeout.InfiniteTimeSpan, held.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        Assert.Equal(LoadClock.AttemptTimeout, _clock.Elapsed);

        // Another attempt, which travels: the hold that is left must not be taken for its own.
        using var travelling = new CancellationTokenSource(LoadClock.AttemptTimeout, _clock);
        await Task.Delay(AWhile, Cancelled);

        Assert.False(travelling.IsCancellationRequested || hold.IsCompleted);
        Assert.Equal(LoadClock.AttemptTimeout, _clock.Elapsed);
    }

    [Fact]
    public async Task One_attempt_that_travels_keeps_those_that_are_held_from_timing_out()
    {
        using var held = new CancellationTokenSource(LoadClock.AttemptTimeout, _clock);
        using var travelling = new CancellationTokenSource(LoadClock.AttemptTimeout, _clock);
        _ = Task.Delay(LoadClock.AttemptTimeout * 3, _clock.Service, Cancelled);
        await Task.Delay(AWhile, Cancelled);

        Assert.False(held.IsCancellationRequested || travelling.IsCancellationRequested);
        Assert.Equal(TimeSpan.Zero, _clock.Elapsed);
    }

    [Fact]
    public async Task A_hold_whose_attempt_was_cancelled_is_forgotten()
    {
        var held = new CancellationTokenSource(LoadClock.AttemptTimeout, _clock);
        _ = Task.Delay(LoadClock.AttemptTimeout * 3, _clock.Service, Cancelled);
        held.Dispose();

        await Task.Delay(TimeSpan.FromSeconds(1), _clock, Cancelled);

        Assert.Equal(TimeSpan.FromSeconds(1), _clock.Elapsed);
    }

    public void Dispose() => _clock.Dispose();
}
