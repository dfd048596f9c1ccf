using System.Runtime.CompilerServices;
using OptimoveDC.Core.Http;
using OptimoveDC.Core.Http.Rate;
using OptimoveDC.Core.Tests.Service;

namespace OptimoveDC.Core.Tests.Http.Rate;

/// <summary>One governor for each host and key, and none for ever.</summary>
public sealed class GovernorRegistryTests
{
    private static readonly ServiceAddress Here = ServiceAddress.Parse(new Uri("http://localhost:1234"));

    [Fact]
    public void Sessions_with_one_host_and_key_share_a_governor_whatever_their_brand_or_path()
    {
        var first = Get(Here, "shared-key");
        Assert.Same(first, Get(Here, "shared-key"));
        Assert.Same(first, Get(ServiceAddress.Parse(new Uri("http://localhost:1234/elsewhere")), "shared-key"));
    }

    [Fact]
    public void Another_key_or_host_has_its_own()
    {
        var governor = Get(Here, "one-key");
        Assert.NotSame(governor, Get(Here, "other-key"));
        Assert.NotSame(governor, Get(ServiceAddress.Parse(new Uri("http://localhost:4321")), "one-key"));
        Assert.NotSame(governor, Get(ServiceAddress.Production, "one-key"));
    }

    [Fact]
    public void The_key_itself_is_not_kept()
    {
        _ = Get(Here, "a-key-to-look-for");
        Assert.DoesNotContain(GovernorRegistry.Keys, key => key.ToString().Contains("a-key-to-look-for", StringComparison.Ordinal));
        Assert.All(GovernorRegistry.Keys, key => Assert.Matches("^[0-9A-F]{64}$", key.ApiKey));
    }

    [Fact]
    public void A_governor_is_forgotten_when_it_was_idle_for_an_hour_and_nobody_holds_it()
    {
        var clock = new ShiftedClock();
        var known = Use(clock);
        clock.Shift = TimeSpan.FromMinutes(59);
        Assert.Single(KeysOf(clock));
        Collect();
        Assert.True(IsAlive(known), "It was forgotten too early.");

        clock.Shift = TimeSpan.FromMinutes(61);
        _ = GovernorRegistry.Keys;
        Collect();
        Assert.Empty(KeysOf(clock));
        Assert.False(IsAlive(known), "It leaks.");
    }

    [Fact]
    public void A_governor_that_a_session_holds_is_never_forgotten()
    {
        var clock = new ShiftedClock();
        using var credential = new ApiCredential(EmulatedAccount.Secret("held-key"), Guid.NewGuid());
        var held = GovernorRegistry.Get(Here, credential, clock);
        clock.Shift = TimeSpan.FromDays(2);
        _ = GovernorRegistry.Keys;
        Collect();

        Assert.Same(held, GovernorRegistry.Get(Here, credential, clock));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference<RateGovernor> Use(TimeProvider clock)
    {
        using var credential = new ApiCredential(EmulatedAccount.Secret("idle-key"), Guid.NewGuid());
        return new WeakReference<RateGovernor>(GovernorRegistry.Get(Here, credential, clock));
    }

    // Apart from the test, which would hold what it looks at.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsAlive(WeakReference<RateGovernor> known) => known.TryGetTarget(out _);

    private static RateGovernor Get(ServiceAddress address, string key)
    {
        using var credential = new ApiCredential(EmulatedAccount.Secret(key), Guid.NewGuid());
        return GovernorRegistry.Get(address, credential, TimeProvider.System);
    }

    private static IEnumerable<GovernorKey> KeysOf(TimeProvider clock) => GovernorRegistry.Keys.Where(key => key.TimeProvider == clock);

    private static void Collect()
    {
        for (var round = 0; round < 3; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    /// <summary>The system's clock, set forward.</summary>
    private sealed class ShiftedClock : TimeProvider
    {
        internal TimeSpan Shift { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => System.GetElapsedTime(0).Ticks + Shift.Ticks;
    }
}
