using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OptimoveDC.Cmdlets.Tests.Errors;

/// <summary>A secret, and what base64, URLs, JSON, pages and hexadecimal digits make of it.</summary>
internal static class SecretForms
{
    internal static IReadOnlyList<string> Of(string secret) =>
    [.. new[]
    {
        secret,
        Base64(secret),
        Base64(secret).Replace('+', '-').Replace('/', '_'),
        Convert.ToBase64String(Encoding.Unicode.GetBytes(secret)),
        Uri.EscapeDataString(secret),
        WebUtility.UrlEncode(secret),
        WebUtility.HtmlEncode(secret),
        JsonSerializer.Serialize(secret)[1..^1],
        JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(secret),
        Convert.ToHexString(Encoding.UTF8.GetBytes(secret)),
    }.Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Base64 of a text that has the secret in it, as the header of a proxy has.</summary>
    internal static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    /// <summary>Fails the test when a text has one of the secrets, in any form.</summary>
    internal static void AssertNone(string text, params ReadOnlySpan<string> secrets)
    {
        foreach (var secret in secrets)
        {
            foreach (var form in Of(secret))
            {
                Assert.DoesNotContain(form, text, StringComparison.OrdinalIgnoreCase);
            }
        }
    }
}
