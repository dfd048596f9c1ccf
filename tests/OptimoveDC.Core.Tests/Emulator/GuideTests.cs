using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Emulator;

public sealed class GuideTests
{
    [Fact]
    public async Task The_update_of_the_guide_replaces_the_record_and_says_so()
    {
        await using var emulator = new RunningEmulator();
        await emulator.UploadAsync("""{"data":[{"user_id":54490,"name":"old"}],"ttl_seconds":60}""");

        var reply = await emulator.UpdateAsync("""
            [
                {
                    "primary_key": 54490,
                    "data": {"key": "value"},
                    "ttl": null
                }
            ]
            """);

        Assert.Equal(200, reply.Status);
        Assert.Equal("""{"status":"success","updated_records":1}""", reply.Body);
        Assert.StartsWith("application/json", reply.Headers["Content-Type"], StringComparison.Ordinal);
        var record = Assert.Single(emulator.Connection.Records);
        Assert.Equal("""{"key": "value"}""", record.Json);
        Assert.Equal("54490", record.KeyJson);
        Assert.Null(record.ExpiresAt);
        Assert.Null(record.BatchId);
    }

    [Fact]
    public async Task The_delete_of_the_guide_removes_three_records()
    {
        await using var emulator = new RunningEmulator();
        await emulator.UploadAsync("""{"data":[{"user_id":"4942985"},{"user_id":"2"},{"user_id":"1e6bbf91"},{"user_id":"3"}]}""");

        var reply = await emulator.DeleteAsync("""
            {
                "primary_keys": ["4942985", "2", "1e6bbf91"]
            }
            """);

        Assert.Equal(200, reply.Status);
        Assert.Equal("""{"status":"success","deleted_records":3}""", reply.Body);
        Assert.Equal(["\"3\""], emulator.Connection.Records.Select(record => record.KeyJson));
    }

    [Fact]
    public async Task The_loyalty_programme_of_the_guide_plays_through()
    {
        await using var emulator = new RunningEmulator();
        await emulator.UploadAsync("""{"data":[{"user_id":"a","purchase_amount":120.50},{"user_id":"b","purchase_amount":10}],"ttl_seconds":null}""");
        Assert.Equal(200, (await emulator.UpdateAsync("""[{"primary_key":"a","data":{"user_id":"a","purchase_amount":20.10},"ttl":86400}]""")).Status);
        Assert.Equal(200, (await emulator.DeleteAsync("""{"primary_keys":["b"]}""")).Status);

        Assert.Equal(["""{"user_id":"a","purchase_amount":20.10}"""], emulator.Stored);
        emulator.Clock.Advance(TimeSpan.FromDays(1) - TimeSpan.FromTicks(1));
        Assert.Single(emulator.Connection.Records);
        emulator.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.Empty(emulator.Connection.Records);
        Assert.Null(emulator.Connection.Find("\"a\""));
    }

    [Fact]
    public async Task An_uploaded_record_expires_after_its_seconds_and_is_then_absent_for_update_and_delete()
    {
        await using var emulator = new RunningEmulator();
        await emulator.UploadAsync("""{"data":[{"user_id":"short"}],"ttl_seconds":10}""");
        await emulator.UploadAsync("""{"data":[{"user_id":"ever"}]}""");
        Assert.Equal(RunningEmulator.Start.AddSeconds(10), emulator.Connection.Find("\"short\"")!.ExpiresAt);

        emulator.Clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(["""{"user_id":"ever"}"""], emulator.Stored);
        Assert.Equal(400, (await emulator.UpdateAsync("""[{"primary_key":"short","data":{}}]""")).Status);
        Assert.Equal(400, (await emulator.DeleteAsync("""{"primary_keys":["short"]}""")).Status);
    }

    [Fact]
    public async Task An_upload_replaces_the_whole_record_and_keeps_its_text()
    {
        await using var emulator = new RunningEmulator();
        await emulator.UploadAsync("""{"data":[{"user_id":"a","x":1,"y":2},{"user_id":"b"}],"ttl_seconds":5}""");
        var reply = await emulator.UploadAsync("""{"data":[{"user_id":"a", "x":1.50, "big":12345678901234567890123456789, "n":{"é":"é"}}],"unknown_field":[1]}""");

        Assert.Equal(200, reply.Status);
        Assert.Equal("success", (string)reply.Json["status"]!);
        Assert.Equal(1, (int)reply.Json["uploaded_records"]!);
        Assert.Equal(["""{"user_id":"b"}""", """{"user_id":"a", "x":1.50, "big":12345678901234567890123456789, "n":{"é":"é"}}"""], emulator.Stored);
        Assert.Null(emulator.Connection.Find("\"a\"")!.ExpiresAt);
        Assert.Equal((Guid)reply.Json["batch_uuid"]!, emulator.Connection.Find("\"a\"")!.BatchId);
    }

    [Fact]
    public async Task The_later_of_two_values_in_one_request_wins()
    {
        await using var emulator = new RunningEmulator();
        await emulator.UploadAsync("""{"data":[{"user_id":"a","v":1},{"user_id":"b","v":1},{"user_id":"a","v":2}]}""");
        Assert.Equal(["""{"user_id":"b","v":1}""", """{"user_id":"a","v":2}"""], emulator.Stored);
        await emulator.UpdateAsync("""[{"primary_key":"b","data":{"v":3}},{"primary_key":"b","data":{"v":4}}]""");
        Assert.Equal("""{"v":4}""", emulator.Connection.Find("\"b\"")!.Json);
    }

    [Fact]
    public async Task A_connection_is_created_for_the_brand_that_asked()
    {
        await using var emulator = new RunningEmulator();
        var reply = await emulator.CreateAsync("""{"name":"orders","primary_key":"order_id","description":"All orders"}""");

        Assert.Equal(200, reply.Status);
        var created = emulator.Service.Connections[1];
        Assert.Equal($$"""{"data_connection_uuid":"{{created.Id}}"}""", reply.Body);
        Assert.Equal(("orders", "order_id", "All orders"), (created.Name, created.PrimaryKey, created.Description));
        Assert.Same(emulator.Brand, created.Brand);
        Assert.Equal(200, (await emulator.SendAsync(HttpMethod.Post, emulator.Path("upload_data", created), """{"data":[{"order_id":1}]}""")).Status);
    }

    [Fact]
    public async Task An_api_fed_connection_caches_for_its_time_to_live()
    {
        await using var emulator = new RunningEmulator();
        var calls = 0;
        var fed = emulator.Service.AddApiFedConnection(emulator.Brand, "weather", "city", 3600, key => key == "none" ? null : new() { ["city"] = key, ["call"] = ++calls });

        Assert.Equal("""{"city":"Rome","call":1}""", fed.Fetch("Rome")!.Json);
        emulator.Clock.Advance(TimeSpan.FromSeconds(3599));
        Assert.Equal("""{"city":"Rome","call":1}""", fed.Fetch("Rome")!.Json);
        Assert.Equal("\"Rome\"", Assert.Single(fed.Records).KeyJson);
        emulator.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(fed.Records);
        Assert.Equal("""{"city":"Rome","call":2}""", fed.Fetch("Rome")!.Json);
        Assert.Equal(2, fed.FetchCount);
        Assert.Null(fed.Fetch("none"));
        Assert.Null(fed.Fetch("none"));
        Assert.Equal(4, fed.FetchCount);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(null)]
    public async Task An_api_fed_connection_without_a_time_to_live_fetches_each_time(int? seconds)
    {
        await using var emulator = new RunningEmulator();
        var fed = emulator.Service.AddApiFedConnection(emulator.Brand, "weather", "city", seconds, key => new() { ["city"] = key });
        Assert.NotNull(fed.Fetch("Rome"));
        Assert.NotNull(fed.Fetch("Rome"));
        Assert.Equal(2, fed.FetchCount);
        Assert.Empty(fed.Records);
    }

    [Fact]
    public async Task An_api_fed_connection_takes_no_writes()
    {
        await using var emulator = new RunningEmulator();
        var fed = emulator.Service.AddApiFedConnection(emulator.Brand, "weather", "city", 60, _ => null);
        var upload = await emulator.SendAsync(HttpMethod.Post, emulator.Path("upload_data", fed), """{"data":[{"city":"Rome"}]}""");
        Assert.Equal(400, upload.Status);
        Assert.Contains("3rd party API", upload.Body, StringComparison.Ordinal);
        Assert.Equal(400, (await emulator.SendAsync(HttpMethod.Put, emulator.Path("update_data", fed), """[{"primary_key":"Rome","data":{}}]""")).Status);
        Assert.Equal(400, (await emulator.SendAsync(HttpMethod.Post, emulator.Path("delete_data", fed), """{"primary_keys":["Rome"]}""")).Status);
        Assert.Throws<InvalidOperationException>(() => emulator.Connection.Fetch("x"));
        Assert.Throws<ArgumentOutOfRangeException>(() => emulator.Service.AddApiFedConnection(emulator.Brand, "w", "c", -1, _ => null));
    }

    [Fact]
    public void The_clock_of_the_emulator_goes_forward_alone()
    {
        var clock = new EmulatorClock();
        clock.Advance(TimeSpan.FromDays(1));
        Assert.InRange(clock.GetUtcNow() - DateTimeOffset.UtcNow, TimeSpan.FromDays(1) - TimeSpan.FromMinutes(1), TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1));
        Assert.Equal(TimeSpan.FromDays(1), clock.Offset);
        Assert.Throws<ArgumentOutOfRangeException>(() => clock.Advance(TimeSpan.FromTicks(-1)));
    }
}
