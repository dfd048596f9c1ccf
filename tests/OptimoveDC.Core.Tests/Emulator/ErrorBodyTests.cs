using System.Text.Json.Nodes;
using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Emulator;

public sealed class ErrorBodyTests
{
    private const string BadDelete = """{"primary_keys":["a",54490,"absent",""]}""";

    private static async Task<RunningEmulator.Reply> RefusedAsync(ErrorBodyShape shape, bool nameKeys, string? upload = null)
    {
        await using var emulator = new RunningEmulator();
        await emulator.UploadAsync("""{"data":[{"user_id":"a"}]}""");
        emulator.Options.ErrorBodyShape = shape;
        emulator.Options.NameBadKeysStructurally = nameKeys;
        var reply = await (upload is null ? emulator.DeleteAsync(BadDelete) : emulator.UploadAsync(upload));
        Assert.Equal(400, reply.Status);
        Assert.Equal(emulator.Service.Requests[^1].RequestId, reply.Headers["x-request-id"]);
        return reply;
    }

    [Fact]
    public async Task The_default_shape_has_status_error_and_message()
    {
        var plain = (await RefusedAsync(ErrorBodyShape.StatusErrorMessage, nameKeys: false)).Json.AsObject();
        Assert.Equal(["status", "error", "message"], plain.Select(property => property.Key));
        Assert.Equal((400, "Bad Request"), ((int)plain["status"]!, (string)plain["error"]!));
        var named = (await RefusedAsync(ErrorBodyShape.StatusErrorMessage, nameKeys: true)).Json;
        Assert.Equal("""[54490,"absent"]""", named["invalid_keys"]!.ToJsonString());
    }

    [Fact]
    public async Task The_nested_shapes_have_code_message_details_and_request_id()
    {
        var text = (await RefusedAsync(ErrorBodyShape.NestedError, nameKeys: true)).Json["error"]!.AsObject();
        Assert.Equal(["code", "message", "details", "requestId"], text.Select(property => property.Key));
        Assert.Equal("BAD_REQUEST", (string)text["code"]!);
        Assert.IsType<string>(text["details"]!.GetValue<string>());
        var plain = (await RefusedAsync(ErrorBodyShape.NestedErrorWithDetailsObject, nameKeys: false)).Json["error"]!;
        Assert.False(plain["details"]!.AsObject().ContainsKey("primary_keys"));
        var named = await RefusedAsync(ErrorBodyShape.NestedErrorWithDetailsObject, nameKeys: true);
        Assert.Equal("""[54490,"absent"]""", named.Json["error"]!["details"]!["primary_keys"]!.ToJsonString());
        Assert.Equal(named.Headers["x-request-id"], (string)named.Json["error"]!["requestId"]!);
    }

    [Fact]
    public async Task The_fastapi_shape_names_the_index_in_loc()
    {
        static string[] Locations(JsonNode body) => [.. body["detail"]!.AsArray().Select(item => item!["loc"]!.ToJsonString())];
        Assert.Equal(["""["body","primary_keys",1]""", """["body","primary_keys",2]""", """["body","primary_keys",3]"""], Locations((await RefusedAsync(ErrorBodyShape.FastApiDetail, nameKeys: true)).Json).Order());
        Assert.Equal(["""["body","primary_keys"]"""], Locations((await RefusedAsync(ErrorBodyShape.FastApiDetail, nameKeys: false)).Json));
        Assert.Equal(["""["body","data",1,"user_id"]"""], Locations((await RefusedAsync(ErrorBodyShape.FastApiDetail, nameKeys: true, """{"data":[{"user_id":"a"},{}]}""")).Json));
        Assert.IsType<string>((await RefusedAsync(ErrorBodyShape.FastApiDetail, nameKeys: true, "{")).Json["detail"]!.GetValue<string>());
    }

    [Fact]
    public async Task Text_html_and_empty_bodies_say_so_in_their_media_type()
    {
        var text = await RefusedAsync(ErrorBodyShape.PlainText, nameKeys: true);
        Assert.StartsWith("400 Bad Request", text.Body, StringComparison.Ordinal);
        Assert.StartsWith("text/plain", text.Headers["Content-Type"], StringComparison.Ordinal);
        var html = await RefusedAsync(ErrorBodyShape.Html, nameKeys: true);
        Assert.StartsWith("<html>", html.Body, StringComparison.Ordinal);
        Assert.StartsWith("text/html", html.Headers["Content-Type"], StringComparison.Ordinal);
        var empty = await RefusedAsync(ErrorBodyShape.Empty, nameKeys: true);
        Assert.Equal("", empty.Body);
        Assert.DoesNotContain("Content-Type", empty.Headers.Keys);
    }
}
