using System.Globalization;
using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Emulator;

public sealed class LimitTests
{
    private static async Task<int> AcceptedAsync(RunningEmulator emulator, int requests)
    {
        var replies = await Task.WhenAll(Enumerable.Range(0, requests).Select(i => emulator.UploadAsync($$"""{"data":[{"user_id":{{i}}}]}""")));
        Assert.All(replies, reply => Assert.True(reply.Status is 200 or 429));
        return replies.Count(reply => reply.Status == 200);
    }

    [Fact]
    public async Task A_sliding_window_frees_each_request_one_window_after_it_was_accepted()
    {
        await using var emulator = new RunningEmulator();
        emulator.Options.RateLimit = new SlidingWindow(50, TimeSpan.FromSeconds(10));
        Assert.Equal(20, await AcceptedAsync(emulator, 20));
        emulator.Clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(30, await AcceptedAsync(emulator, 60));
        emulator.Clock.Advance(TimeSpan.FromSeconds(6) - TimeSpan.FromTicks(1));
        Assert.Equal(0, await AcceptedAsync(emulator, 5));
        emulator.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(20, await AcceptedAsync(emulator, 60));
        emulator.Clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(30, await AcceptedAsync(emulator, 60));
    }

    [Fact]
    public async Task A_fixed_window_frees_all_at_its_end()
    {
        await using var emulator = new RunningEmulator();
        emulator.Options.RateLimit = new FixedWindow(10, TimeSpan.FromHours(1));
        Assert.Equal(3, await AcceptedAsync(emulator, 3));
        emulator.Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(7, await AcceptedAsync(emulator, 20));
        emulator.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(10, await AcceptedAsync(emulator, 20));
    }

    [Fact]
    public async Task A_token_bucket_refills_by_periods_and_never_overflows()
    {
        await using var emulator = new RunningEmulator();
        emulator.Options.RateLimit = new TokenBucket(10, 2, TimeSpan.FromSeconds(1));
        Assert.Equal(10, await AcceptedAsync(emulator, 15));
        emulator.Clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal(0, await AcceptedAsync(emulator, 1));
        emulator.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(2, await AcceptedAsync(emulator, 5));
        emulator.Clock.Advance(TimeSpan.FromSeconds(2.5));
        Assert.Equal(4, await AcceptedAsync(emulator, 9));
        emulator.Clock.Advance(TimeSpan.FromDays(4000));
        Assert.Equal(10, await AcceptedAsync(emulator, 15));
    }

    [Fact]
    public async Task Retry_after_is_exact_rounded_up_to_seconds()
    {
        await using var emulator = new RunningEmulator();
        emulator.Options.RateLimit = new SlidingWindow(1, TimeSpan.FromSeconds(10));
        await AcceptedAsync(emulator, 1);
        emulator.Clock.Advance(TimeSpan.FromSeconds(2.5));

        var reply = await emulator.UploadAsync("{");
        Assert.Equal(429, reply.Status);
        Assert.Equal("8", reply.Headers["Retry-After"]);
        emulator.Clock.Advance(TimeSpan.FromSeconds(8));
        Assert.Equal(1, await AcceptedAsync(emulator, 1));

        emulator.Options.RetryAfterForm = RetryAfterForm.HttpDate;
        emulator.Clock.Advance(TimeSpan.FromSeconds(1));
        reply = await emulator.UploadAsync("{");
        Assert.Equal(RunningEmulator.Start.AddSeconds(21), DateTimeOffset.ParseExact(reply.Headers["Retry-After"], "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));

        emulator.Options.SendRetryAfter = false;
        Assert.DoesNotContain("Retry-After", (await emulator.UploadAsync("{")).Headers.Keys);
    }

    [Fact]
    public async Task Rate_limit_headers_are_sent_when_asked_for()
    {
        await using var emulator = new RunningEmulator();
        emulator.Options.RateLimit = new SlidingWindow(3, TimeSpan.FromSeconds(10));
        Assert.DoesNotContain((await emulator.UploadAsync("{")).Headers.Keys, name => name.StartsWith("X-RateLimit", StringComparison.OrdinalIgnoreCase));
        emulator.Options.SendRateLimitHeaders = true;
        var reply = await emulator.UploadAsync("""{"data":[{"user_id":1}]}""");
        Assert.Equal(("3", "1"), (reply.Headers["X-RateLimit-Limit"], reply.Headers["X-RateLimit-Remaining"]));
        Assert.Equal(RunningEmulator.Start.AddSeconds(10).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), reply.Headers["X-RateLimit-Reset"]);
        await emulator.UploadAsync("{");
        Assert.Equal("0", (await emulator.UploadAsync("{")).Headers["X-RateLimit-Remaining"]);
    }

    [Fact]
    public async Task Each_api_key_has_a_count_of_its_own_and_strangers_none()
    {
        await using var emulator = new RunningEmulator();
        emulator.Options.RateLimit = new SlidingWindow(1, TimeSpan.FromSeconds(10));
        Assert.Equal(401, (await emulator.SendAsync(HttpMethod.Post, "/connections", "{}", request => request.Headers.Remove("x-brand-key"))).Status);
        Assert.Equal(1, await AcceptedAsync(emulator, 2));
        var other = emulator.Service.AddBrand();
        var reply = await emulator.SendAsync(HttpMethod.Post, "/connections", """{"name":"n","primary_key":"k"}""", request =>
        {
            request.Headers.Remove("x-api-key");
            request.Headers.Remove("x-brand-key");
            request.Headers.Add("x-api-key", other.ApiKey);
            request.Headers.Add("x-brand-key", other.BrandKey.ToString());
        });
        Assert.Equal(200, reply.Status);
    }

    [Fact]
    public async Task A_limit_can_be_lifted_and_changed_while_running()
    {
        await using var emulator = new RunningEmulator();
        emulator.Options.RateLimit = new FixedWindow(1, TimeSpan.FromSeconds(10));
        Assert.Equal(1, await AcceptedAsync(emulator, 3));
        emulator.Options.RateLimit = new FixedWindow(1, TimeSpan.FromSeconds(10));
        Assert.Equal(0, await AcceptedAsync(emulator, 3));
        emulator.Options.RateLimit = new FixedWindow(2, TimeSpan.FromSeconds(10));
        Assert.Equal(2, await AcceptedAsync(emulator, 3));
        emulator.Options.RateLimit = null;
        Assert.Equal(3, await AcceptedAsync(emulator, 3));
    }

    [Fact]
    public void Limits_that_allow_nothing_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SlidingWindow(0, TimeSpan.FromSeconds(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FixedWindow(1, TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TokenBucket(1, 0, TimeSpan.FromSeconds(1)));
    }
}
