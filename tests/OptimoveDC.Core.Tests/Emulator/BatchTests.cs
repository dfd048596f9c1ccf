using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Emulator;

public sealed class BatchTests
{
    private const string Batch = "41ddf098-90b4-4a5d-a3d1-0fd8da3bfb89";

    private static string Part(string records, bool completed, string more = "") =>
        $$"""{"data":[{{records}}],"batch_uuid":"{{Batch}}","batch_completed":{{(completed ? "true" : "false")}}{{more}}}""";

    [Fact]
    public async Task A_batch_is_queryable_only_when_it_is_completed_and_in_order_of_arrival()
    {
        await using var emulator = new RunningEmulator();
        Assert.Equal(200, (await emulator.UploadAsync(Part("""{"user_id":"a","v":1},{"user_id":"b","v":1}""", completed: false))).Status);
        Assert.Equal(200, (await emulator.UploadAsync(Part("""{"user_id":"a","v":2}""", completed: false))).Status);

        var batch = Assert.Single(emulator.Connection.Batches);
        Assert.Equal((Guid.Parse(Batch), false, 2, 3), (batch.Id, batch.Completed, batch.Requests, batch.PendingRecords));
        Assert.Empty(emulator.Connection.Records);
        Assert.Equal(400, (await emulator.DeleteAsync("""{"primary_keys":["a"]}""")).Status);

        Assert.Equal(200, (await emulator.UploadAsync(Part("""{"user_id":"c","v":1}""", completed: true))).Status);
        Assert.Equal((true, 3, 0), (batch.Completed, batch.Requests, batch.PendingRecords));
        Assert.Equal(["""{"user_id":"b","v":1}""", """{"user_id":"a","v":2}""", """{"user_id":"c","v":1}"""], emulator.Stored);
    }

    [Fact]
    public async Task A_time_to_live_counts_from_the_completion_of_the_batch()
    {
        await using var emulator = new RunningEmulator();
        await emulator.UploadAsync(Part("""{"user_id":"a"}""", completed: false, ""","ttl_seconds":60"""));
        emulator.Clock.Advance(TimeSpan.FromMinutes(5));
        await emulator.UploadAsync(Part("""{"user_id":"b"}""", completed: true, ""","ttl_seconds":90"""));

        Assert.Equal(RunningEmulator.Start.AddMinutes(5), emulator.Connection.Find("\"a\"")!.StoredAt);
        Assert.Equal(RunningEmulator.Start.AddMinutes(6), emulator.Connection.Find("\"a\"")!.ExpiresAt);
        emulator.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(["""{"user_id":"b"}"""], emulator.Stored);
    }

    [Fact]
    public async Task An_upload_without_a_batch_gets_one_of_its_own_that_is_complete()
    {
        await using var emulator = new RunningEmulator();
        await emulator.UploadAsync("""{"data":[{"user_id":"a"}],"batch_uuid":null}""");
        await emulator.UploadAsync("""{"data":[{"user_id":"b"}]}""");
        Assert.Equal(2, emulator.Connection.Batches.Count);
        Assert.All(emulator.Connection.Batches, batch => Assert.True(batch.Completed));
        Assert.Equal(emulator.Connection.Batches.Select(batch => (Guid?)batch.Id), emulator.Connection.Records.Select(record => record.BatchId));
    }

    [Fact]
    public async Task An_open_batch_without_a_name_stays_pending()
    {
        await using var emulator = new RunningEmulator();
        var reply = await emulator.UploadAsync("""{"data":[{"user_id":"a"}],"batch_completed":false}""");
        Assert.Empty(emulator.Connection.Records);
        await emulator.UploadAsync($$"""{"data":[],"batch_uuid":"{{reply.Json["batch_uuid"]}}"}""");
        Assert.Single(emulator.Connection.Records);
    }

    [Theory]
    [InlineData(BatchCompletion.Merge, new[] { "\"old\"", "\"a\"", "\"b\"" })]
    [InlineData(BatchCompletion.Replace, new[] { "\"a\"", "\"b\"" })]
    public async Task A_completed_batch_merges_with_the_content_or_replaces_it(BatchCompletion completion, string[] keys)
    {
        await using var emulator = new RunningEmulator();
        emulator.Options.BatchCompletion = completion;
        await emulator.UploadAsync("""{"data":[{"user_id":"old"}]}""");
        await emulator.UploadAsync(Part("""{"user_id":"a"}""", completed: false));
        Assert.Single(emulator.Connection.Records);
        await emulator.UploadAsync(Part("""{"user_id":"b"}""", completed: true));
        Assert.Equal(keys, emulator.Connection.Records.Select(record => record.KeyJson));
    }

    [Theory]
    [InlineData(true, 200)]
    [InlineData(false, 400)]
    public async Task An_empty_closing_list_is_accepted_or_refused(bool accept, int status)
    {
        await using var emulator = new RunningEmulator();
        emulator.Options.AcceptEmptyClosingData = accept;
        await emulator.UploadAsync(Part("""{"user_id":"a"}""", completed: false));
        Assert.Equal(400, (await emulator.UploadAsync(Part("", completed: false))).Status);
        Assert.Equal(status, (await emulator.UploadAsync(Part("", completed: true))).Status);
        Assert.Equal(accept, emulator.Connection.Batches[0].Completed);
        Assert.Equal(accept ? 1 : 0, emulator.Connection.Records.Count);
    }

    [Theory]
    [InlineData(false, 400, "1")]
    [InlineData(true, 200, "2")]
    public async Task What_arrives_after_completion_is_refused_or_stored_but_always_counted(bool accept, int status, string value)
    {
        await using var emulator = new RunningEmulator();
        emulator.Options.AcceptRecordsAfterCompletion = accept;
        await emulator.UploadAsync(Part("""{"user_id":"a","v":1}""", completed: true));
        var late = await emulator.UploadAsync(Part("""{"user_id":"a","v":2}""", completed: false));

        Assert.Equal(status, late.Status);
        Assert.Equal($$"""{"user_id":"a","v":{{value}}}""", Assert.Single(emulator.Stored));
        Assert.Equal((1, 0), (emulator.Connection.Batches[0].RequestsAfterCompletion, emulator.Connection.Batches[0].RepeatedClosings));
        Assert.Equal((accept, """{"user_id":"a","v":2}"""), (emulator.Connection.Arrivals[^1].Accepted, emulator.Connection.Arrivals[^1].ValueJson));
        if (!accept)
        {
            Assert.Contains("already completed", late.Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_closing_request_repeated_byte_for_byte_succeeds_and_changes_nothing()
    {
        await using var emulator = new RunningEmulator();
        await emulator.UploadAsync(Part("""{"user_id":"z"}""", completed: false));
        var closing = Part("""{"user_id":"a","v":1},{"user_id":"b","v":1}""", completed: true);
        var first = await emulator.UploadAsync(closing);
        await emulator.UpdateAsync("""[{"primary_key":"a","data":{"v":9}}]""");

        var second = await emulator.UploadAsync(closing);

        Assert.Equal((200, first.Body), (second.Status, second.Body));
        Assert.Equal("""{"v":9}""", emulator.Connection.Find("\"a\"")!.Json);
        Assert.Equal((1, 1), (emulator.Connection.Batches[0].RequestsAfterCompletion, emulator.Connection.Batches[0].RepeatedClosings));
        Assert.Equal(400, (await emulator.UploadAsync(closing + " ")).Status);
    }

    [Fact]
    public async Task A_batch_belongs_to_one_connection()
    {
        await using var emulator = new RunningEmulator();
        var other = emulator.Service.AddConnection(emulator.Brand, "other", "user_id");
        await emulator.UploadAsync(Part("""{"user_id":"a"}""", completed: false));
        var reply = await emulator.SendAsync(HttpMethod.Post, emulator.Path("upload_data", other), Part("""{"user_id":"a"}""", completed: true));
        Assert.Equal(400, reply.Status);
        Assert.Contains("another data connection", reply.Body, StringComparison.Ordinal);
        Assert.False(emulator.Connection.Batches[0].Completed);
        Assert.Empty(other.Batches);
    }

    [Fact]
    public async Task A_refused_closing_request_leaves_its_batch_open_with_the_good_items_pending()
    {
        await using var emulator = new RunningEmulator();
        emulator.Options.BadRequestScope = BadRequestScope.BadItemsOnly;
        Assert.Equal(400, (await emulator.UploadAsync(Part("""{"user_id":"a"},{"user_id":null}""", completed: true))).Status);
        Assert.Equal((false, 1), (emulator.Connection.Batches[0].Completed, emulator.Connection.Batches[0].PendingRecords));
        Assert.Equal(200, (await emulator.UploadAsync(Part("""{"user_id":"b"}""", completed: true))).Status);
        Assert.Equal(2, emulator.Connection.Records.Count);
    }

    [Fact]
    public async Task Parts_of_a_batch_may_come_in_parallel()
    {
        await using var emulator = new RunningEmulator();
        var replies = await Task.WhenAll(Enumerable.Range(0, 40).Select(i =>
            emulator.UploadAsync(Part(string.Join(',', Enumerable.Range(i * 50, 50).Select(key => $$"""{"user_id":{{key}}}""")), completed: false))));
        Assert.All(replies, reply => Assert.Equal(200, reply.Status));
        Assert.Equal((2000, 40), (emulator.Connection.Batches[0].PendingRecords, emulator.Connection.Batches[0].Requests));
        await emulator.UploadAsync(Part("""{"user_id":"last"}""", completed: true));
        Assert.Equal(2001, emulator.Connection.Records.Count);
        Assert.Equal(Enumerable.Range(1, 2001), emulator.Service.Arrivals.Select(arrival => (int)arrival.Sequence));
        Assert.Equal(emulator.Connection.Arrivals.Select(arrival => arrival.KeyJson), emulator.Connection.Records.Select(record => record.KeyJson));
    }
}
