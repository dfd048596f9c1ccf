using System.Text;

namespace OptimoveDC.Core.Tests.Emulator;

public sealed class RefusalTests
{
    private const string OneRecord = """{"data":[{"user_id":"a"}]}""";

    [Fact]
    public async Task Missing_or_wrong_keys_are_answered_401()
    {
        await using var emulator = new RunningEmulator();
        foreach (var (header, value) in new[] { ("x-api-key", null), ("x-brand-key", null), ("x-api-key", "wrong"), ("x-brand-key", "wrong"), ("x-brand-key", Guid.NewGuid().ToString()) })
        {
            var reply = await emulator.SendAsync(HttpMethod.Post, emulator.Path("upload_data"), OneRecord, request =>
            {
                request.Headers.Remove(header);
                if (value is not null)
                {
                    request.Headers.Add(header, value);
                }
            });
            Assert.Equal(401, reply.Status);
        }

        Assert.Empty(emulator.Connection.Records);
    }

    [Fact]
    public async Task Keys_of_two_brands_or_another_brands_connection_are_answered_403()
    {
        await using var emulator = new RunningEmulator();
        var other = emulator.Service.AddBrand();
        var theirs = emulator.Service.AddConnection(other, "theirs", "id");
        Assert.Equal(403, (await emulator.SendAsync(HttpMethod.Post, emulator.Path("upload_data", theirs), OneRecord)).Status);
        var mixed = await emulator.SendAsync(HttpMethod.Post, emulator.Path("upload_data"), OneRecord, request =>
        {
            request.Headers.Remove("x-brand-key");
            request.Headers.Add("x-brand-key", other.BrandKey.ToString());
        });
        Assert.Equal(403, mixed.Status);
    }

    [Fact]
    public async Task Wrong_paths_are_404_and_wrong_methods_405_with_the_right_one_named()
    {
        await using var emulator = new RunningEmulator();
        Assert.Equal(404, (await emulator.SendAsync(HttpMethod.Post, "/connections/", OneRecord)).Status);
        Assert.Equal(404, (await emulator.SendAsync(HttpMethod.Post, "/connections/not-a-uuid/upload_data", OneRecord)).Status);
        Assert.Equal(404, (await emulator.SendAsync(HttpMethod.Post, emulator.Path("upload"), OneRecord)).Status);
        Assert.Equal(404, (await emulator.SendAsync(HttpMethod.Post, emulator.Path("upload_data") + "/", OneRecord)).Status);
        Assert.Equal(404, (await emulator.SendAsync(HttpMethod.Post, $"/connections/{Guid.NewGuid()}/upload_data", OneRecord)).Status);
        var wrong = await emulator.SendAsync(HttpMethod.Post, emulator.Path("update_data"), "[]");
        Assert.Equal(405, wrong.Status);
        Assert.Equal("PUT", wrong.Headers["Allow"]);
        Assert.Equal(405, (await emulator.SendAsync(HttpMethod.Put, emulator.Path("upload_data"), OneRecord)).Status);
        Assert.Equal(405, (await emulator.SendAsync(HttpMethod.Delete, emulator.Path("delete_data"), OneRecord)).Status);
        Assert.Equal(405, (await emulator.SendAsync(HttpMethod.Get, "/connections", "")).Status);
        Assert.Equal(200, (await emulator.SendAsync(HttpMethod.Post, emulator.Path("upload_data") + "?x=1", OneRecord)).Status);
    }

    [Theory]
    [InlineData("text/plain", 415)]
    [InlineData("", 415)]
    [InlineData("application/json; charset=iso-8859-1", 415)]
    [InlineData("application/json; charset=utf-8", 200)]
    [InlineData("application/json; charset=\"UTF-8\"", 200)]
    public async Task The_media_type_must_be_json_in_utf8(string contentType, int status)
    {
        await using var emulator = new RunningEmulator();
        var reply = await emulator.SendAsync(HttpMethod.Post, emulator.Path("upload_data"), OneRecord, request =>
        {
            request.Content!.Headers.Remove("Content-Type");
            if (contentType.Length > 0)
            {
                request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
            }
        });
        Assert.Equal(status, reply.Status);
    }

    [Fact]
    public async Task Any_content_encoding_is_answered_415()
    {
        await using var emulator = new RunningEmulator();
        var reply = await emulator.SendAsync(HttpMethod.Post, emulator.Path("upload_data"), OneRecord, request => request.Content!.Headers.ContentEncoding.Add("gzip"));
        Assert.Equal(415, reply.Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"data":null}""")]
    [InlineData("""{"data":{}}""")]
    [InlineData("""{"data":[],"batch_completed":false}""")]
    [InlineData("""{"data":[1]}""")]
    [InlineData("""{"data":[{"user_id":"a"},]}""")]
    [InlineData("""{"data":[{"user_id":"a"}],"data":[]}""")]
    [InlineData("""{"data":[{}]}""")]
    [InlineData("""{"data":[{"USER_ID":"a"}]}""")]
    [InlineData("""{"data":[{"user_id":null}]}""")]
    [InlineData("""{"data":[{"user_id":""}]}""")]
    [InlineData("""{"data":[{"user_id":true}]}""")]
    [InlineData("""{"data":[{"user_id":[1]}]}""")]
    [InlineData("""{"data":[{"user_id":{"a":1}}]}""")]
    [InlineData("""{"data":[{"user_id":"a","user_id":"b"}]}""")]
    [InlineData("""{"data":[{"user_id":"a","x":1,"\u0078":2}]}""")]
    [InlineData("""{"data":[{"user_id":"a","x":[{"y":1,"y":1}]}]}""")]
    [InlineData("""{"data":[{"user_id":"a","x":"\ud800"}]}""")]
    [InlineData("""{"data":[{"user_id":"\ud800"}]}""")]
    [InlineData("""{"data":[{"user_id":"a"}],"ttl_seconds":0}""")]
    [InlineData("""{"data":[{"user_id":"a"}],"ttl_seconds":-1}""")]
    [InlineData("""{"data":[{"user_id":"a"}],"ttl_seconds":1.5}""")]
    [InlineData("""{"data":[{"user_id":"a"}],"ttl_seconds":"60"}""")]
    [InlineData("""{"data":[{"user_id":"a"}],"ttl_seconds":99999999999}""")]
    [InlineData("""{"data":[{"user_id":"a"}],"batch_uuid":"x"}""")]
    [InlineData("""{"data":[{"user_id":"a"}],"batch_uuid":1}""")]
    [InlineData("""{"data":[{"user_id":"a"}],"batch_completed":"true"}""")]
    public async Task Bad_uploads_are_answered_400_and_store_nothing(string json)
    {
        await using var emulator = new RunningEmulator();
        var reply = await emulator.UploadAsync(json);
        Assert.Equal(400, reply.Status);
        Assert.Empty(emulator.Connection.Records);
        Assert.Empty(emulator.Connection.Batches);
        Assert.All(emulator.Connection.Arrivals, arrival => Assert.False(arrival.Accepted));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("[1]")]
    [InlineData("""[{"data":{}}]""")]
    [InlineData("""[{"primary_key":"a"}]""")]
    [InlineData("""[{"primary_key":"a","data":[]}]""")]
    [InlineData("""[{"primary_key":null,"data":{}}]""")]
    [InlineData("""[{"primary_key":"","data":{}}]""")]
    [InlineData("""[{"primary_key":"absent","data":{}}]""")]
    [InlineData("""[{"primary_key":"a","data":{},"ttl":0}]""")]
    [InlineData("""[{"primary_key":"a","data":{},"ttl":"1"}]""")]
    [InlineData("""[{"primary_key":"a","data":{"x":1,"x":2}}]""")]
    [InlineData("""[{"primary_key":"a","data":{"x":2}},{"primary_key":"absent","data":{}}]""")]
    public async Task Bad_updates_are_answered_400_and_change_nothing(string json)
    {
        await using var emulator = new RunningEmulator();
        await emulator.UploadAsync("""{"data":[{"user_id":"a","x":1}]}""");
        Assert.Equal(400, (await emulator.UpdateAsync(json)).Status);
        Assert.Equal(["""{"user_id":"a","x":1}"""], emulator.Stored);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"primary_keys":[]}""")]
    [InlineData("""{"primary_keys":"a"}""")]
    [InlineData("""{"primary_keys":["a",null]}""")]
    [InlineData("""{"primary_keys":["a",""]}""")]
    [InlineData("""{"primary_keys":["a",{}]}""")]
    [InlineData("""{"primary_keys":["a","absent"]}""")]
    public async Task Bad_deletes_are_answered_400_and_delete_nothing(string json)
    {
        await using var emulator = new RunningEmulator();
        await emulator.UploadAsync(OneRecord);
        Assert.Equal(400, (await emulator.DeleteAsync(json)).Status);
        Assert.Single(emulator.Connection.Records);
    }

    [Theory]
    [InlineData("""{"primary_key":"id"}""")]
    [InlineData("""{"name":"","primary_key":"id"}""")]
    [InlineData("""{"name":"x"}""")]
    [InlineData("""{"name":"x","primary_key":" "}""")]
    [InlineData("""{"name":"x","primary_key":1}""")]
    [InlineData("""{"name":"x","primary_key":"id","description":1}""")]
    [InlineData("[]")]
    public async Task Bad_creations_are_answered_400(string json)
    {
        await using var emulator = new RunningEmulator();
        Assert.Equal(400, (await emulator.CreateAsync(json)).Status);
        Assert.Single(emulator.Service.Connections);
    }

    [Fact]
    public async Task Bytes_that_are_not_utf8_are_answered_400()
    {
        await using var emulator = new RunningEmulator();
        var bytes = Encoding.UTF8.GetBytes("""{"data":[{"user_id":"a","x":"?"}]}""");
        bytes[Array.IndexOf(bytes, (byte)'?')] = 0xE9;
        var reply = await emulator.SendAsync(HttpMethod.Post, emulator.Path("upload_data"), bytes);
        Assert.Equal(400, reply.Status);
        Assert.Contains("UTF-8", reply.Body, StringComparison.Ordinal);
        Assert.Equal(400, (await emulator.SendAsync(HttpMethod.Post, emulator.Path("upload_data"), [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(OneRecord)])).Status);
    }

    [Fact]
    public async Task An_upload_may_carry_5000_records_and_not_one_more()
    {
        await using var emulator = new RunningEmulator();
        string Upload(int count) => $$"""{"data":[{{string.Join(',', Enumerable.Range(0, count).Select(i => $$"""{"user_id":{{i}}}"""))}}]}""";
        Assert.Equal(400, (await emulator.UploadAsync(Upload(5001))).Status);
        Assert.Empty(emulator.Connection.Records);
        Assert.Equal(200, (await emulator.UploadAsync(Upload(5000))).Status);
        Assert.Equal(5000, emulator.Connection.Records.Count);
        emulator.Options.MaxUploadRecords = 2;
        Assert.Equal(400, (await emulator.UploadAsync(Upload(3))).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_beyond_the_limit_is_read_to_its_end_and_answered_413(bool chunked)
    {
        await using var emulator = new RunningEmulator();
        emulator.Options.MaxRequestBytes = OneRecord.Length;
        void Change(HttpRequestMessage request) => request.Headers.TransferEncodingChunked = chunked;
        Assert.Equal(200, (await emulator.SendAsync(HttpMethod.Post, emulator.Path("upload_data"), OneRecord, Change)).Status);
        Assert.Equal(413, (await emulator.SendAsync(HttpMethod.Post, emulator.Path("upload_data"), OneRecord + " ", Change)).Status);
        var large = await emulator.SendAsync(HttpMethod.Post, emulator.Path("upload_data"), new byte[5_000_000], Change);
        Assert.Equal(413, large.Status);
        Assert.Equal(5_000_000, emulator.Service.Requests[^1].BodyLength);
        emulator.Options.MaxRequestBytes = 200_000;
        Assert.Equal(413, (await emulator.SendAsync(HttpMethod.Post, emulator.Path("upload_data"), new byte[200_001], Change)).Status);
        Assert.Equal(200, (await emulator.SendAsync(HttpMethod.Post, emulator.Path("upload_data"), OneRecord.PadRight(200_000), Change)).Status);
    }

    [Fact]
    public async Task The_status_of_bad_content_can_be_422()
    {
        await using var emulator = new RunningEmulator();
        emulator.Options.BadRequestStatus = 422;
        Assert.Equal(422, (await emulator.UploadAsync("{")).Status);
        Assert.Equal(422, (await emulator.DeleteAsync("""{"primary_keys":["absent"]}""")).Status);
        Assert.Equal(404, (await emulator.SendAsync(HttpMethod.Post, "/x", "{")).Status);
    }

    [Fact]
    public async Task A_validation_rule_refuses_records_data_and_keys()
    {
        await using var emulator = new RunningEmulator();
        await emulator.UploadAsync("""{"data":[{"user_id":"a"},{"user_id":"b"}]}""");
        emulator.Options.RejectRecord = element => element.GetRawText().Contains("bad", StringComparison.Ordinal);
        Assert.Equal(400, (await emulator.UploadAsync("""{"data":[{"user_id":"c"},{"user_id":"d","x":"bad"}]}""")).Status);
        Assert.Equal(400, (await emulator.UpdateAsync("""[{"primary_key":"a","data":{"x":"bad"}}]""")).Status);
        Assert.Equal(400, (await emulator.DeleteAsync("""{"primary_keys":["bad"]}""")).Status);
        Assert.Equal(200, (await emulator.UploadAsync("""{"data":[{"user_id":"c"}]}""")).Status);
        Assert.Equal(["\"a\"", "\"b\"", "\"c\""], emulator.Connection.Records.Select(record => record.KeyJson));
    }
}
