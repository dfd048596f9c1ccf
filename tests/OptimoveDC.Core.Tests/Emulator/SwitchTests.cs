using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Emulator;

public sealed class SwitchTests
{
    private const string GoodBadGood = """{"data":[{"user_id":"a"},{"user_id":null},{"user_id":"b"}]}""";

    [Theory]
    [InlineData(BadRequestScope.WholeRequest, new string[0])]
    [InlineData(BadRequestScope.BadItemsOnly, new[] { "\"a\"", "\"b\"" })]
    public async Task A_refused_upload_stores_its_good_items_or_none(BadRequestScope scope, string[] stored)
    {
        await using var emulator = new RunningEmulator();
        emulator.Options.BadRequestScope = scope;
        Assert.Equal(400, (await emulator.UploadAsync(GoodBadGood)).Status);
        Assert.Equal(stored, emulator.Connection.Records.Select(record => record.KeyJson));
        Assert.Equal(stored, emulator.Connection.Arrivals.Where(arrival => arrival.Accepted).Select(arrival => arrival.KeyJson));
        Assert.Equal(["\"a\"", "null", "\"b\""], emulator.Connection.Arrivals.Select(arrival => arrival.KeyJson));
    }

    [Fact]
    public async Task With_bad_items_only_updates_and_deletes_apply_their_good_items()
    {
        await using var emulator = new RunningEmulator();
        emulator.Options.BadRequestScope = BadRequestScope.BadItemsOnly;
        await emulator.UploadAsync("""{"data":[{"user_id":"a"},{"user_id":"b"}]}""");
        Assert.Equal(400, (await emulator.UpdateAsync("""[{"primary_key":"absent","data":{}},{"primary_key":"a","data":{"x":1}}]""")).Status);
        Assert.Equal("""{"x":1}""", emulator.Connection.Find("\"a\"")!.Json);
        Assert.Equal(400, (await emulator.DeleteAsync("""{"primary_keys":["absent","b"]}""")).Status);
        Assert.Null(emulator.Connection.Find("\"b\""));
    }

    [Theory]
    [InlineData(AbsentDelete.BadRequest, 400, 1)]
    [InlineData(AbsentDelete.ShortCount, 200, 0)]
    public async Task Deleting_an_absent_key_is_refused_or_counted_short(AbsentDelete absent, int status, int left)
    {
        await using var emulator = new RunningEmulator();
        emulator.Options.AbsentDelete = absent;
        await emulator.UploadAsync("""{"data":[{"user_id":"a"}]}""");
        var reply = await emulator.DeleteAsync("""{"primary_keys":["a","absent"]}""");
        Assert.Equal(status, reply.Status);
        Assert.Equal(left, emulator.Connection.Records.Count);
        if (status == 200)
        {
            Assert.Equal(1, (int)reply.Json["deleted_records"]!);
        }
    }

    [Fact]
    public async Task A_key_named_twice_in_a_delete_counts_once()
    {
        await using var emulator = new RunningEmulator();
        await emulator.UploadAsync("""{"data":[{"user_id":"a"}]}""");
        var reply = await emulator.DeleteAsync("""{"primary_keys":["a","a"]}""");
        Assert.Equal("""{"status":"success","deleted_records":1}""", reply.Body);
    }

    [Theory]
    [InlineData(AbsentUpdate.BadRequest, 400, 0, new[] { "\"a\"" })]
    [InlineData(AbsentUpdate.Insert, 200, 2, new[] { "\"a\"", "\"new\"" })]
    [InlineData(AbsentUpdate.ShortCount, 200, 1, new[] { "\"a\"" })]
    public async Task Updating_an_absent_key_is_refused_or_inserts_or_is_counted_short(AbsentUpdate absent, int status, int count, string[] keys)
    {
        await using var emulator = new RunningEmulator();
        emulator.Options.AbsentUpdate = absent;
        await emulator.UploadAsync("""{"data":[{"user_id":"a"}]}""");
        var reply = await emulator.UpdateAsync("""[{"primary_key":"a","data":{}},{"primary_key":"new","data":{}}]""");
        Assert.Equal(status, reply.Status);
        Assert.Equal(keys, emulator.Connection.Records.Select(record => record.KeyJson));
        if (status == 200)
        {
            Assert.Equal(count, (int)reply.Json["updated_records"]!);
        }
    }

    [Fact]
    public async Task A_number_and_its_text_are_two_keys_or_one()
    {
        await using var emulator = new RunningEmulator();
        await emulator.UploadAsync("""{"data":[{"user_id":54490},{"user_id":"54490"},{"user_id":"007"},{"user_id":7}]}""");
        Assert.Equal(4, emulator.Connection.Records.Count);
        Assert.Equal("""{"user_id":54490}""", emulator.Connection.Find("54490")!.Json);

        emulator.Options.KeyIdentity = KeyIdentity.SameText;
        Assert.Equal(["\"54490\"", "\"007\"", "7"], emulator.Connection.Records.Select(record => record.KeyJson));
        Assert.Equal("""{"user_id":"54490"}""", emulator.Connection.Find("54490")!.Json);
        Assert.Equal("""{"status":"success","deleted_records":1}""", (await emulator.DeleteAsync("""{"primary_keys":[54490]}""")).Body);
    }

    [Fact]
    public async Task Keys_are_one_by_value_however_they_are_written()
    {
        await using var emulator = new RunningEmulator();
        await emulator.UploadAsync("""{"data":[{"user_id":1.0},{"user_id":1},{"user_id":1e0},{"user_id":"\u0061"},{"user_id":"a"},{"user_id":0.00000000000000000000000000000000000001},{"user_id":0.00000000000000000000000000000000000002},{"user_id":1e-40},{"user_id":2e-40}]}""");
        Assert.Equal(6, emulator.Connection.Records.Count);
        Assert.Equal("1e0", emulator.Connection.Find("1")!.KeyJson);
        Assert.NotNull(emulator.Connection.Find("\"a\""));
        Assert.Throws<ArgumentException>(() => emulator.Connection.Find("a"));
        Assert.Throws<ArgumentException>(() => emulator.Connection.Find("null"));
    }

    [Theory]
    [InlineData(UploadResponseShape.Counts, 200, """{"status":"success","uploaded_records":1,"batch_uuid":"1e6bbf91-0000-4000-8000-000000000001"}""")]
    [InlineData(UploadResponseShape.StatusOnly, 200, """{"status":"success"}""")]
    [InlineData(UploadResponseShape.Empty, 204, "")]
    public async Task The_answer_to_an_upload_has_three_shapes(UploadResponseShape shape, int status, string body)
    {
        await using var emulator = new RunningEmulator();
        emulator.Options.UploadResponseShape = shape;
        for (var i = 0; i < 2; i++)
        {
            var reply = await emulator.UploadAsync("""{"data":[{"user_id":"a"}],"batch_uuid":"1e6bbf91-0000-4000-8000-000000000001"}""");
            Assert.Equal((status, body), (reply.Status, reply.Body));
        }
    }
}
