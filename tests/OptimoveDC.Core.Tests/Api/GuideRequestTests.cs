using OptimoveDC.Core.Http;
using OptimoveDC.Core.Tests.Service;
using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Api;

/// <summary>The examples of the service's guide, as they go over the wire.</summary>
public sealed class GuideRequestTests
{
    private static EmulatorOptions Keeping => new() { KeepBodies = true, AbsentUpdate = AbsentUpdate.Insert, AbsentDelete = AbsentDelete.ShortCount };

    [Fact]
    public async Task Update_sends_the_guides_PUT_with_a_number_as_key_and_an_explicit_null_ttl()
    {
        await using var account = EmulatedAccount.Open(Keeping, primaryKey: "key");
        var report = await account.LoadAsync(account.UpdatePlan(), [new Row(54490, "value")]);

        Assert.Equal(1, report.Result.Sent);
        var request = Assert.Single(account.Server.Service.Requests);
        AssertAddress(account, request, "PUT", "update_data");
        JsonAssert.Equal("""[{"primary_key":54490,"data":{"user_id":54490,"value":"value"},"ttl":null}]""", request.BodyText());
    }

    [Fact]
    public async Task Update_with_a_time_to_live_sends_it_as_ttl_in_seconds()
    {
        await using var account = EmulatedAccount.Open(Keeping);
        await account.LoadAsync(account.UpdatePlan(), [new Row("54490", "value", TimeToLive: 86400)]);

        JsonAssert.Equal(
            """[{"primary_key":"54490","data":{"user_id":"54490","value":"value"},"ttl":86400}]""",
            Assert.Single(account.Server.Service.Requests).BodyText());
    }

    [Fact]
    public async Task Delete_sends_the_guides_POST_with_text_keys()
    {
        await using var account = EmulatedAccount.Open(Keeping);
        await account.LoadAsync(account.DeletePlan(), [new Row("4942985", ""), new Row("2", ""), new Row("1e6bbf91", "")]);

        var request = Assert.Single(account.Server.Service.Requests);
        AssertAddress(account, request, "POST", "delete_data");
        JsonAssert.Equal("""{"primary_keys":["4942985","2","1e6bbf91"]}""", request.BodyText());
    }

    [Fact]
    public async Task Delete_keeps_numbers_as_numbers()
    {
        await using var account = EmulatedAccount.Open(Keeping);
        await account.LoadAsync(account.DeletePlan(), [new Row(54490, ""), new Row("54490", "")]);

        JsonAssert.Equal("""{"primary_keys":[54490,"54490"]}""", Assert.Single(account.Server.Service.Requests).BodyText());
    }

    [Fact]
    public async Task Upload_sends_the_records_the_time_to_live_and_one_batch()
    {
        await using var account = EmulatedAccount.Open(Keeping);
        var plan = account.UploadPlan(timeToLive: 86400);
        await account.LoadAsync(plan, [new Row("007", "a"), new Row(8, "b")]);

        var request = Assert.Single(account.Server.Service.Requests);
        AssertAddress(account, request, "POST", "upload_data");
        JsonAssert.Equal(
            $$"""{"data":[{"user_id":"007","value":"a"},{"user_id":8,"value":"b"}],"ttl_seconds":86400,"batch_uuid":"{{plan.BatchId}}","batch_completed":true}""",
            request.BodyText());
    }

    [Fact]
    public async Task Upload_without_a_time_to_live_says_null()
    {
        await using var account = EmulatedAccount.Open(Keeping);
        var plan = account.UploadPlan();
        await account.LoadAsync(plan, [new Row("007", "a")]);

        JsonAssert.Equal(
            $$"""{"data":[{"user_id":"007","value":"a"}],"ttl_seconds":null,"batch_uuid":"{{plan.BatchId}}","batch_completed":true}""",
            Assert.Single(account.Server.Service.Requests).BodyText());
    }

    [Fact]
    public async Task Create_sends_name_primary_key_and_description_and_returns_the_identifier()
    {
        await using var account = EmulatedAccount.Open(Keeping);
        var id = await account.Client.CreateConnectionAsync("Loyalty", "user_id", "members", new RequestMeter(), CancellationToken.None);

        var request = Assert.Single(account.Server.Service.Requests);
        Assert.Equal("POST", request.Method);
        Assert.EndsWith("/connections", request.Path, StringComparison.Ordinal);
        JsonAssert.Equal("""{"name":"Loyalty","primary_key":"user_id","description":"members"}""", request.BodyText());
        Assert.Contains(account.Server.Service.Connections, connection => connection.Id == id && connection.PrimaryKey == "user_id");
    }

    private static void AssertAddress(EmulatedAccount account, LoggedRequest request, string method, string endpoint)
    {
        Assert.Equal(method, request.Method);
        Assert.Equal($"/api/data-connections/v1/connections/{account.Connection.Id}/{endpoint}", request.Path);
        Assert.Equal("application/json", request.Headers["Content-Type"]);
        Assert.Equal(account.Brand.ApiKey, request.Headers["x-api-key"]);
        Assert.Equal(account.Brand.BrandKey.ToString(), request.Headers["x-brand-key"]);
    }
}
