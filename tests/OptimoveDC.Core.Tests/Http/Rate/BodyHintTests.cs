using System.Text;
using OptimoveDC.Core.Http.Rate;

namespace OptimoveDC.Core.Tests.Http.Rate;

public sealed class BodyHintTests
{
    [Theory]
    [InlineData("""{"retry_after":7}""", 7)]
    [InlineData("""{"retryAfter":"7.5"}""", 7.5)]
    [InlineData("""{"retry_after_ms":1500}""", 1.5)]
    [InlineData("""{"error":{"details":{"retry-after":3}}}""", 3)]
    [InlineData("""{"message":"Rate limit exceeded. Retry after 12 sec."}""", 12)]
    [InlineData("""{"detail":"try again in 2 minutes"}""", 120)]
    [InlineData("Please wait 1 hour before you ask again.", 3600)]
    [InlineData("<html><body><p>Slow down: wait for 250 ms</p></body></html>", 0.25)]
    [InlineData("retry in 0 seconds", 0)]
    public void A_pause_is_found_in_fields_and_words(string body, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), BodyHint.Find(Encoding.UTF8.GetBytes(body)));

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"retry_after":-5}""")]
    [InlineData("""{"retry_after":1e300}""")]
    [InlineData("""{"retry_after":"soon"}""")]
    [InlineData("""{"retry_after":{"seconds":null}}""")]
    [InlineData("""{"message":"The limit is 50 requests in 10 seconds."}""")]
    [InlineData("""{"message":"Rate limit exceeded. Slow down your requests."}""")]
    [InlineData("""{"message":"Please try again later, request 12345 was refused"}""")]
    [InlineData("not json 429")]
    public void Where_nothing_is_said_nothing_is_found(string body) =>
        Assert.Null(BodyHint.Find(Encoding.UTF8.GetBytes(body)));
}
