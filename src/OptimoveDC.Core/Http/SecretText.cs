using System.Buffers;
using System.Buffers.Text;
using System.Net;
using System.Runtime.InteropServices;
using System.Security;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;

namespace OptimoveDC.Core.Http;

/// <summary>What is done with a secret's characters without a string of them, which nobody could take out of memory again.</summary>
/// <param name="secret">The characters; wiped afterwards.</param>
internal delegate T SecretUse<out T>(ReadOnlySpan<char> secret);

/// <summary>Finds a secret in a text, in whichever writing it is there.</summary>
internal static class SecretText
{
    /// <summary>What stands in the place of a secret.</summary>
    internal const string Mask = "***";

    // A secret shorter than this is none, and would be found in ordinary words.
    private const int Shortest = 4;

    // Less than this of a longer one tells little, and an identifier of something else may end so by chance.
    private const int LeastTelling = 8;

    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~");

    /// <summary>Looks at a secret for a moment.</summary>
    internal static T Use<T>(SecureString secret, SecretUse<T> use)
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

    /// <summary>
    /// Takes a secret out of a text: as it is, in base64, as a URL, JSON and a page would escape it, and the beginning of it
    /// where the text was cut short.
    /// </summary>
    internal static string Remove(string text, SecureString secret) =>
        secret.Length < Shortest || text.Length < Shortest ? text : Use(secret, characters => WithoutBeginningAtEnd(Remove(text, characters), characters));

    /// <summary>Takes away the beginning of a secret in which a text that was cut short may end.</summary>
    internal static string WithoutBeginningAtEnd(string text, ReadOnlySpan<char> secret)
    {
        for (var length = Math.Min(secret.Length - 1, text.Length); length >= LeastTelling; length--)
        {
            if (text.AsSpan().EndsWith(secret[..length], StringComparison.OrdinalIgnoreCase))
            {
                return string.Concat(text.AsSpan(0, text.Length - length), Mask);
            }
        }

        return text;
    }

    private static string Remove(string text, ReadOnlySpan<char> secret)
    {
        text = Remove(text, secret, StringComparison.OrdinalIgnoreCase);
        text = RemoveBase64(text, secret);
        if (!secret.ContainsAnyExcept(Plain))
        {
            return text;
        }

        // Few secrets have such characters; of those the escaped forms are strings for a moment.
        var plain = secret.ToString();
        string[] escaped =
        [
            Uri.EscapeDataString(plain),
            WebUtility.UrlEncode(plain),
            WebUtility.HtmlEncode(plain),
            JavaScriptEncoder.Default.Encode(plain),
            JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(plain),
            JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(plain).Replace("/", "\\/", StringComparison.Ordinal),
        ];
        return escaped.Aggregate(text, static (rest, form) => rest.Replace(form, Mask, StringComparison.OrdinalIgnoreCase));
    }

    // Base64 makes four characters of three bytes: within a longer text the secret may begin at each of the three. Characters
    // that depend on what stands before and after it are left where they are.
    private static string RemoveBase64(string text, ReadOnlySpan<char> secret)
    {
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(secret.Length) + 2];
        var base64 = new char[Base64.GetMaxEncodedToUtf8Length(bytes.Length)];
        try
        {
            for (var before = 0; before < 3; before++)
            {
                var end = before + Encoding.UTF8.GetBytes(secret, bytes.AsSpan(before));
                Convert.TryToBase64Chars(bytes.AsSpan(0, end), base64, out _);
                var first = before == 0 ? 0 : before + 1;
                var form = base64.AsSpan(first, (end * 8 / 6) - first);
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
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(base64.AsSpan()));
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
