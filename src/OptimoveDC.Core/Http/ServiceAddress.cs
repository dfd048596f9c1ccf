using System.Net;

namespace OptimoveDC.Core.Http;

/// <summary>The base address of the service, checked once.</summary>
/// <remarks>Keys travel in headers, so plain <c>http</c> is accepted to this very machine alone.</remarks>
public sealed class ServiceAddress
{
    private const string ApiPath = "/api/data-connections/v1";

    private ServiceAddress(Uri uri) => Uri = uri;

    /// <summary>The production service, from its public guide.</summary>
    public static ServiceAddress Production { get; } = new(new Uri("https://api.opti-x.optimove.net" + ApiPath));

    /// <summary>The staging service, where an account has it.</summary>
    public static ServiceAddress Staging { get; } = new(new Uri("https://api.staging.opti-x.optimove.net" + ApiPath));

    /// <summary>The address, without a slash at its end.</summary>
    public Uri Uri { get; }

    /// <summary>Takes an address given by the user.</summary>
    /// <param name="uri">An absolute address; with no path of its own the service's path is added.</param>
    /// <exception cref="FormatException">The address is not absolute, not https (nor loopback), or carries a user, a query or a fragment.</exception>
    public static ServiceAddress Parse(Uri uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        if (uri is { IsAbsoluteUri: true, UserInfo.Length: > 0 } or { IsAbsoluteUri: true, Query.Length: > 0 } or { IsAbsoluteUri: true, Fragment.Length: > 0 })
        {
            // The address is not repeated here: what stands in it may be a secret.
            throw new FormatException("The address must not carry a user name, a query or a fragment.");
        }

        if (!uri.IsAbsoluteUri || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp))
        {
            throw new FormatException($"'{uri}' is not an absolute https address.");
        }

        if (uri.Scheme == Uri.UriSchemeHttp && !IsLoopback(uri))
        {
            throw new FormatException($"'{uri}' is plain http: the keys would travel unprotected. Use https.");
        }

        var path = uri.AbsolutePath.TrimEnd('/');
        return new ServiceAddress(new Uri(uri.GetLeftPart(UriPartial.Authority) + (path.Length == 0 ? ApiPath : path)));
    }

    /// <summary>The address of an endpoint.</summary>
    /// <param name="relativePath">Its path below the base, without a slash at its start.</param>
    public Uri Resolve(string relativePath) => new($"{Uri.AbsoluteUri}/{relativePath}");

    // Only the literal names count: a name that merely resolves to this machine today may not tomorrow.
    private static bool IsLoopback(Uri uri) =>
        uri.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
