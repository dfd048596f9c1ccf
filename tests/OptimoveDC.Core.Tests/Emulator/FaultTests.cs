using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Emulator;

public sealed class FaultTests
{
    private const string OneRecord = """{"data":[{"user_id":"a"}]}""";

    [Fact]
    public async Task A_fault_answers_in_place_of_the_service_and_nothing_is_applied()
    {
        await using var emulator = new RunningEmulator();
        emulator.Options.FaultPlan = request => request.Sequence > 2 ? null : new Fault
        {
            StatusCode = 503,
            Body = request.Sequence == 1 ? "<h1>down</h1>" : null,
            ContentType = "text/html",
            Headers = new Dictionary<string, string> { ["Retry-After"] = "7" },
        };

        var first = await emulator.UploadAsync(OneRecord);
        Assert.Equal((503, "<h1>down</h1>", "text/html", "7"), (first.Status, first.Body, first.Headers["Content-Type"], first.Headers["Retry-After"]));
        var second = await emulator.UploadAsync(OneRecord);
        Assert.Equal(503, (int)second.Json["status"]!);
        Assert.Empty(emulator.Connection.Records);
        Assert.Empty(emulator.Service.Arrivals);
        Assert.Equal(200, (await emulator.UploadAsync(OneRecord)).Status);
        Assert.Equal([503, 503, 200], emulator.Service.Requests.Select(request => request.StatusCode));
    }

    [Fact]
    public async Task A_fault_may_answer_after_the_request_was_applied()
    {
        await using var emulator = new RunningEmulator();
        emulator.Options.FaultPlan = _ => new Fault { StatusCode = 500, ApplyFirst = true };
        Assert.Equal(500, (await emulator.UploadAsync(OneRecord)).Status);
        Assert.Single(emulator.Connection.Records);
    }

    [Fact]
    public async Task A_success_may_say_otherwise_in_its_body()
    {
        await using var emulator = new RunningEmulator();
        emulator.Options.FaultPlan = _ => new Fault { StatusCode = 200, Body = """{"status":"failed"}""" };
        var reply = await emulator.UploadAsync(OneRecord);
        Assert.Equal((200, """{"status":"failed"}"""), (reply.Status, reply.Body));
        emulator.Options.FaultPlan = _ => new Fault { Headers = new Dictionary<string, string> { ["x-request-id"] = "mine" } };
        reply = await emulator.UploadAsync(OneRecord);
        Assert.Equal(("success", "mine"), ((string)reply.Json["status"]!, reply.Headers["x-request-id"]));
    }

    [Fact]
    public async Task A_delayed_request_is_applied_after_the_delay_or_before_it()
    {
        await using var emulator = new RunningEmulator();
        emulator.Options.FaultPlan = request => request.Sequence > 2 ? null : new Fault { Delay = TimeSpan.FromMinutes(1), ApplyFirst = request.Sequence == 2 };
        var late = emulator.UploadAsync(OneRecord);
        await RunningEmulator.UntilAsync(() => emulator.Service.RequestCount == 1);
        var early = emulator.UploadAsync("""{"data":[{"user_id":"b"}]}""");
        await RunningEmulator.UntilAsync(() => emulator.Connection.Records.Count == 1);
        Assert.Equal(200, (await emulator.UploadAsync("""{"data":[{"user_id":"c"}]}""")).Status);
        Assert.False(late.IsCompleted || early.IsCompleted);

        await emulator.AdvanceUntilAsync(() => late.IsCompleted && early.IsCompleted);

        Assert.Equal((200, 200), ((await late).Status, (await early).Status));
        Assert.Equal(["\"b\"", "\"c\"", "\"a\""], emulator.Connection.Records.Select(record => record.KeyJson));
    }

    [Fact]
    public async Task Latency_holds_each_answer_back_by_the_clock()
    {
        await using var emulator = new RunningEmulator();
        emulator.Options.Latency = TimeSpan.FromMinutes(1);
        var reply = emulator.UploadAsync(OneRecord);
        await RunningEmulator.UntilAsync(() => emulator.Connection.Records.Count == 1);
        Assert.Null(emulator.Service.Requests[0].StatusCode);
        await emulator.AdvanceUntilAsync(() => reply.IsCompleted);
        Assert.Equal(200, (await reply).Status);
    }

    [Fact]
    public async Task A_plan_or_rule_that_fails_is_answered_500()
    {
        await using var emulator = new RunningEmulator();
        emulator.Options.FaultPlan = _ => throw new InvalidOperationException("broken plan");
        Assert.Contains("broken plan", (await emulator.UploadAsync(OneRecord)).Body, StringComparison.Ordinal);
        emulator.Options.FaultPlan = null;
        emulator.Options.RejectRecord = _ => throw new InvalidOperationException("broken rule");
        Assert.Equal(500, (await emulator.UploadAsync(OneRecord)).Status);
        emulator.Options.FaultPlan = _ => new Fault { Headers = new Dictionary<string, string> { ["x"] = "a\r\nb" } };
        Assert.Equal(500, (await emulator.UploadAsync(OneRecord)).Status);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Fault { StatusCode = 100 });
    }

    [Fact]
    public async Task The_plan_sees_the_body_whether_or_not_it_is_kept()
    {
        await using var emulator = new RunningEmulator();
        var seen = new List<string?>();
        emulator.Options.FaultPlan = request =>
        {
            seen.Add(request.BodyText());
            return null;
        };
        await emulator.UploadAsync(OneRecord);
        emulator.Options.KeepBodies = true;
        await emulator.UploadAsync(OneRecord);
        Assert.Equal([OneRecord, OneRecord], seen);
        Assert.Equal([null, OneRecord], emulator.Service.Requests.Select(request => request.BodyText()));
    }
}
