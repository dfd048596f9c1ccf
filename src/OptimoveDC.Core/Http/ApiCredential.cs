using System.Runtime.InteropServices;
using System.Security;
using System.Security.Cryptography;

namespace OptimoveDC.Core.Http;

/// <summary>The two keys of a brand. The API key stays protected until a request's header is made.</summary>
public sealed class ApiCredential : IDisposable
{
    private const string ApiKeyHeader = "x-api-key";
    private const string BrandKeyHeader = "x-brand-key";
    private readonly SecureString _apiKey;
    private readonly string _brandKey;
    private readonly string _brandKeyBase64;

    /// <summary>Takes a copy of both keys.</summary>
    /// <param name="apiKey">The API key, from the service's Developer Tools.</param>
    /// <param name="brandKey">The brand's UUID.</param>
    /// <exception cref="FormatException">The API key is empty or has a character that no header can carry. The key is not in the message.</exception>
    public ApiCredential(SecureString apiKey, Guid brandKey)
    {
        ArgumentNullException.ThrowIfNull(apiKey);
        if (apiKey.Length == 0)
        {
            throw new FormatException("The API key is empty.");
        }

        // Checked here, because the header's own complaint would quote the key.
        if (!SecretText.Use(apiKey, static key => !key.ContainsAnyExceptInRange('!', '~')))
        {
            throw new FormatException("The API key has a space, a line break or a character beyond ASCII. Copy it again.");
        }

        _apiKey = apiKey.Copy();
        _apiKey.MakeReadOnly();
        _brandKey = brandKey.ToString("D");
        _brandKeyBase64 = Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(_brandKey));
    }

    /// <summary>The last four characters of the brand key, to tell brands apart.</summary>
    public string BrandKeyEnding => Ending(_brandKey);

    /// <summary>The last four characters of a brand key.</summary>
    public static string EndingOf(Guid brandKey) => Ending(brandKey.ToString("D"));

    /// <summary>Writes both headers.</summary>
    internal void Apply(HttpRequestMessage request)
    {
        request.Headers.TryAddWithoutValidation(ApiKeyHeader, Reveal(_apiKey));
        request.Headers.TryAddWithoutValidation(BrandKeyHeader, _brandKey);
    }

    /// <summary>A hash of the API key, to tell keys apart without keeping them.</summary>
    /// <param name="salt">What makes the hash of no use to anybody else.</param>
    internal string HashApiKey(ReadOnlySpan<byte> salt)
    {
        var bytes = new byte[_apiKey.Length * sizeof(char)];
        var pointer = Marshal.SecureStringToGlobalAllocUnicode(_apiKey);
        try
        {
            Marshal.Copy(pointer, bytes, 0, bytes.Length);
            return Convert.ToHexString(HMACSHA256.HashData(salt, bytes));
        }
        finally
        {
            Marshal.ZeroFreeGlobalAllocUnicode(pointer);
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>
    /// Takes both keys out of a text that came from elsewhere, as they are and as base64, a URL, JSON or a page write them:
    /// a proxy's error page may quote the headers.
    /// </summary>
    internal string Redact(string text)
    {
        if (text.Length >= _brandKey.Length)
        {
            text = text.Replace(_brandKey, SecretText.Mask, StringComparison.OrdinalIgnoreCase).Replace(_brandKeyBase64, SecretText.Mask, StringComparison.Ordinal);
        }

        return SecretText.WithoutBeginningAtEnd(SecretText.Remove(text, _apiKey), _brandKey);
    }

    /// <inheritdoc/>
    public void Dispose() => _apiKey.Dispose();

    private static string Ending(string brandKey) => "…" + brandKey[^4..];

    private static string Reveal(SecureString secret)
    {
        var pointer = Marshal.SecureStringToGlobalAllocUnicode(secret);
        try
        {
            return Marshal.PtrToStringUni(pointer, secret.Length);
        }
        finally
        {
            Marshal.ZeroFreeGlobalAllocUnicode(pointer);
        }
    }
}
