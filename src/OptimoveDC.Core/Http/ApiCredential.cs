using System.Runtime.InteropServices;
using System.Security;
using System.Security.Cryptography;

namespace OptimoveDC.Core.Http;

/// <summary>The two keys of a brand. The API key stays protected until a request's header is made.</summary>
public sealed class ApiCredential : IDisposable
{
    private const string ApiKeyHeader = "x-api-key";
    private const string BrandKeyHeader = "x-brand-key";

    // Less than this of a key tells nothing, and ordinary words begin so.
    private const int LeastTelling = 4;
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
        if (!Use(apiKey, static key => !key.ContainsAnyExceptInRange('!', '~')))
        {
            throw new FormatException("The API key has a space, a line break or a character beyond ASCII. Copy it again.");
        }

        _apiKey = apiKey.Copy();
        _apiKey.MakeReadOnly();
        _brandKey = brandKey.ToString("D");
        _brandKeyBase64 = Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(_brandKey));
    }

    private delegate T KeyUse<out T>(ReadOnlySpan<char> key);

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

        text = Use(_apiKey, key => WithoutBeginningAtEnd(text.Length < key.Length ? text : SecretText.Remove(text, key), key));
        return WithoutBeginningAtEnd(text, _brandKey);
    }

    /// <inheritdoc/>
    public void Dispose() => _apiKey.Dispose();

    // A text that was cut short may end in the middle of a key.
    private static string WithoutBeginningAtEnd(string text, ReadOnlySpan<char> secret)
    {
        for (var length = Math.Min(secret.Length - 1, text.Length); length >= LeastTelling; length--)
        {
            if (text.AsSpan().EndsWith(secret[..length], StringComparison.OrdinalIgnoreCase))
            {
                return string.Concat(text.AsSpan(0, text.Length - length), SecretText.Mask);
            }
        }

        return text;
    }

    private static string Ending(string brandKey) => "…" + brandKey[^4..];

    // Only the header needs a string of the key, which nobody can take out of memory again: all else uses a copy that is wiped.
    private static T Use<T>(SecureString secret, KeyUse<T> use)
    {
        var copy = GC.AllocateUninitializedArray<char>(secret.Length, pinned: true);
        var pointer = Marshal.SecureStringToGlobalAllocUnicode(secret);
        try
        {
            Marshal.Copy(pointer, copy, 0, copy.Length);
            return use(copy);
        }
        finally
        {
            Marshal.ZeroFreeGlobalAllocUnicode(pointer);
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(copy.AsSpan()));
        }
    }

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
