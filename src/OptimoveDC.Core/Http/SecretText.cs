using System.Buffers;
using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;

namespace OptimoveDC.Core.Http;

/// <summary>Finds a secret in a text, in whichever writing it is there.</summary>
internal static class SecretText
{
    /// <summary>What stands in the place of a secret.</summary>
    internal const string Mask = "***";

    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~");

    /// <summary>Takes a secret out of a text: as it is, in base64, and as a URL, JSON and a page would escape it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="secret">The secret: visible ASCII characters.</param>
    internal static string Remove(string text, ReadOnlySpan<char> secret)
    {
        text = Remove(text, secret, StringComparison.OrdinalIgnoreCase);
        text = RemoveBase64(text, secret);
        if (!secret.ContainsAnyExcept(Plain))
        {
            return text;
        }

        // Few keys have such characters; for those the escaped forms are strings for a moment.
        var key = secret.ToString();
        foreach (var form in new[] { Uri.EscapeDataString(key), WebUtility.HtmlEncode(key), JavaScriptEncoder.Default.Encode(key), JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(key), key.Replace("/", "\\/", StringComparison.Ordinal) })
        {
            text = text.Replace(form, Mask, StringComparison.OrdinalIgnoreCase);
        }

        return text;
    }

    // Base64 makes four characters of three bytes: within a longer text the secret may begin at each of the three. Characters
    // that depend on what stands before and after it are left where they are.
    private static string RemoveBase64(string text, ReadOnlySpan<char> secret)
    {
        var bytes = new byte[secret.Length + 2];
        var base64 = new char[Base64.GetMaxEncodedToUtf8Length(bytes.Length)];
        try
        {
            for (var before = 0; before < 3; before++)
            {
                Encoding.ASCII.GetBytes(secret, bytes.AsSpan(before));
                Convert.TryToBase64Chars(bytes.AsSpan(0, before + secret.Length), base64, out _);
                var first = before == 0 ? 0 : before + 1;
                var form = base64.AsSpan(first, ((before + secret.Length) * 8 / 6) - first);
                text = Remove(text, form, StringComparison.Ordinal);
                form.Replace('+', '-');
                form.Replace('/', '_');
                text = Remove(text, form, StringComparison.Ordinal);
            }

            return text;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
            Array.Clear(base64);
        }
    }

    private static string Remove(string text, ReadOnlySpan<char> secret, StringComparison comparison)
    {
        var found = text.AsSpan().IndexOf(secret, comparison);
        if (found < 0)
        {
            return text;
        }

        var result = new StringBuilder();
        var rest = text.AsSpan();
        for (; found >= 0; found = rest.IndexOf(secret, comparison))
        {
            result.Append(rest[..found]).Append(Mask);
            rest = rest[(found + secret.Length)..];
        }

        return result.Append(rest).ToString();
    }
}
