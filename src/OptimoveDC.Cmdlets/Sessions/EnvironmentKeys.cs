using System.Security;

namespace OptimoveDC.Cmdlets.Sessions;

/// <summary>The keys that a runbook hands over in its environment.</summary>
internal static class EnvironmentKeys
{
    internal const string ApiKeyName = "OPTIMOVE_API_KEY";
    internal const string BrandKeyName = "OPTIMOVE_BRAND_KEY";

    internal static string? BrandKey => Environment.GetEnvironmentVariable(BrandKeyName);

    internal static SecureString? ReadApiKey()
    {
        var text = Environment.GetEnvironmentVariable(ApiKeyName);
        return string.IsNullOrEmpty(text) ? null : Protect(text);
    }

    private static SecureString Protect(string text)
    {
        var secret = new SecureString();
        foreach (var character in text)
        {
            secret.AppendChar(character);
        }

        secret.MakeReadOnly();
        return secret;
    }
}
