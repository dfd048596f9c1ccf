using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OptimoveDC.Core.Tests.Reliability.Matrix;

/// <summary>Certificates that a server may show.</summary>
internal static class ServerCertificate
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    /// <summary>Makes a certificate that nobody but itself vouches for.</summary>
    /// <param name="host">Whose it is.</param>
    /// <param name="expiry">When it expires, from now.</param>
    internal static X509Certificate2 Make(string host, TimeSpan expiry) => Make(host, expiry, issuer: null);

    /// <summary>Makes a certificate.</summary>
    /// <param name="host">Whose it is.</param>
    /// <param name="expiry">When it expires, from now.</param>
    /// <param name="issuer">Who vouches for it, with its private key; null for itself.</param>
    internal static X509Certificate2 Make(string host, TimeSpan expiry, X509Certificate2? issuer)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        if (host == "localhost")
        {
            names.AddIpAddress(IPAddress.Loopback);
        }

        request.CertificateExtensions.Add(names.Build());
        var from = Now + (expiry < TimeSpan.Zero ? expiry : TimeSpan.Zero) - TimeSpan.FromDays(1);
        if (issuer is null)
        {
            using var own = request.CreateSelfSigned(from, Now + expiry);
            return Usable(own);
        }

        using var bare = request.Create(issuer, from, Now + expiry, RandomNumberGenerator.GetBytes(8));
        using var whole = bare.CopyWithPrivateKey(key);
        return Usable(whole);
    }

    /// <summary>Makes a certificate that vouches for others.</summary>
    internal static X509Certificate2 MakeAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=An authority of a test", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        using var own = request.CreateSelfSigned(Now.AddDays(-1), Now.AddDays(2));
        return Usable(own);
    }

    // Not every platform can use a key that was never in a file.
    private static X509Certificate2 Usable(X509Certificate2 certificate) =>
        X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
}
