using System.Text;
using OptimoveDC.Core.Api;

namespace OptimoveDC.Core.Tests.Api;

/// <summary>Bodies of answers, in every shape seen or likely.</summary>
public sealed class ReplyBodyTests
{
    [Theory]
    [InlineData("""{"status":429,"error":"Too Many Requests","message":"Slow down"}""", "Too Many Requests: Slow down")]
    [InlineData("""{"error":{"code":"E1","message":"No such key","details":"key 7","requestId":"r1"}}""", "E1: No such key: key 7")]
    [InlineData("""{"error":{"code":"E1","message":"No such key","details":{"primary_keys":["7"]}}}""", "E1: No such key: {\"primary_keys\":[\"7\"]}")]
    [InlineData("""{"detail":[{"loc":["body","data",3,"user_id"],"msg":"field required","type":"missing"}]}""", "body.data.3.user_id: field required")]
    [InlineData("""{"message":"same","error":"same"}""", "same")]
    [InlineData("""["a","b"]""", """["a","b"]""")]
    [InlineData("just text\n of two lines", "just text of two lines")]
    [InlineData("<html><head><style>p{}</style><title>502 Bad Gateway</title></head><body><p>nginx &amp; co</p></body></html>", "502 Bad Gateway nginx & co")]
    [InlineData("{\"message\":\"cut off in the mid", "{\"message\":\"cut off in the mid")]
    public void The_words_of_an_error_body_are_found_in_every_shape(string body, string expected) =>
        Assert.Equal(expected, Parse(body).Message);

    [Theory]
    [InlineData("")]
    [InlineData(" \r\n ")]
    [InlineData("\uFEFF")]
    [InlineData("{}")]
    public void An_empty_body_says_nothing(string body) => Assert.Null(Parse(body).Message);

    [Fact]
    public void Counts_status_and_identifiers_are_read()
    {
        Assert.Equal(3, Parse("""{"status":"success","deleted_records":3}""").RecordCount);
        Assert.Equal("success", Parse("""{"status":"success"}""").Status);
        Assert.Equal("r1", Parse("""{"error":{"message":"x","requestId":"r1"}}""").RequestId);
        Assert.Equal(
            Guid.Parse("41ddf098-90b4-4a5d-a3d1-0fd8da3bfb89"),
            Parse("""{"data_connection_uuid":"41ddf098-90b4-4a5d-a3d1-0fd8da3bfb89"}""").DataConnectionId);
    }

    [Theory]
    [InlineData("error", true)]
    [InlineData("FAILED", true)]
    [InlineData("failure", true)]
    [InlineData("success", false)]
    [InlineData("ok", false)]
    [InlineData("partial", false)]
    public void A_status_of_error_or_failure_takes_a_success_back(string status, bool failure) =>
        Assert.Equal(failure, Parse($$"""{"status":"{{status}}"}""").SaysFailure);

    [Fact]
    public void A_long_body_is_cut_and_a_secret_in_it_taken_out()
    {
        var body = ReplyBody.Parse(Encoding.UTF8.GetBytes(new string('x', 5000) + "SECRET"), text => text.Replace("SECRET", "***", StringComparison.Ordinal));
        Assert.True(body.Message!.Length <= 2001);

        Assert.Equal("key ***", ReplyBody.Parse(Encoding.UTF8.GetBytes("key SECRET"), text => text.Replace("SECRET", "***", StringComparison.Ordinal)).Message);
    }

    [Theory]
    [InlineData("{\"message\":\"half a character: \\ud800\"}")]
    [InlineData("{\"errors\":[\"half a character: \\ud800\"]}")]
    [InlineData("{\"\\ud800\":\"half a character\"}")]
    [InlineData("{\"status\":\"half a character: \\ud800\"}")]
    [InlineData("{\"message\":\"a name is half a character\",\"keys\":[\"\\ud800\"]}")]
    [InlineData("{\"message\":\"Schl\u00FCssel, in another encoding\"}")]
    [InlineData("{\"field\":\"Schl\u00FCssel\",\"Schl\u00FCssel\":[\"\u00FC\"],\"status\":\"\u00FC\",\"error\":{\"requestId\":\"\u00FC\"}}")]
    public void JSON_whose_text_is_no_text_is_kept_as_it_stands(string latin1)
    {
        var body = ReplyBody.Parse(Encoding.Latin1.GetBytes(latin1), text => text);

        Assert.NotNull(body.Message);
        Assert.True(body.FindNamedRecords().IsEmpty);
    }

    [Fact]
    public void Bytes_that_are_no_text_do_not_throw() => Assert.NotNull(ReplyBody.Parse(new byte[] { 0xFF, 0xFE, 0x00, 0x80, 0x7B }, text => text).Message);

    private static ReplyBody Parse(string body) => ReplyBody.Parse(Encoding.UTF8.GetBytes(body), text => text);
}
