using OptimoveDC.Core.Http;

namespace OptimoveDC.Core.Tests.Http;

/// <summary>Which addresses the keys may be sent to.</summary>
public sealed class ServiceAddressTests
{
    [Theory]
    [InlineData("https://gateway.example/api/v9/", "https://gateway.example/api/v9")]
    [InlineData("https://gateway.example", "https://gateway.example/api/data-connections/v1")]
    [InlineData("http://127.0.0.1:8080", "http://127.0.0.1:8080/api/data-connections/v1")]
    [InlineData("http://localhost:8080/x", "http://localhost:8080/x")]
    [InlineData("http://[::1]:8080/x", "http://[::1]:8080/x")]
    public void Https_anywhere_and_http_to_this_machine_are_accepted(string given, string expected) =>
        Assert.Equal(expected, ServiceAddress.Parse(new Uri(given)).Uri.AbsoluteUri);

    [Theory]
    [InlineData("http://gateway.example")]
    [InlineData("http://127.0.0.1.example.com")]
    [InlineData("http://localhost.example.com")]
    [InlineData("ftp://gateway.example")]
    [InlineData("https://user:SECRET@gateway.example")]
    [InlineData("https://gateway.example?key=SECRET")]
    public void Everything_else_is_refused_without_repeating_a_secret(string given)
    {
        var refusal = Assert.Throws<FormatException>(() => ServiceAddress.Parse(new Uri(given)));
        Assert.DoesNotContain("SECRET", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_relative_address_is_refused() =>
        Assert.Throws<FormatException>(() => ServiceAddress.Parse(new Uri("/api", UriKind.Relative)));

    [Fact]
    public void The_documented_addresses_are_the_defaults()
    {
        Assert.Equal("https://api.opti-x.optimove.net/api/data-connections/v1", ServiceAddress.Production.Uri.AbsoluteUri);
        Assert.Equal("https://api.staging.opti-x.optimove.net/api/data-connections/v1", ServiceAddress.Staging.Uri.AbsoluteUri);
    }
}
