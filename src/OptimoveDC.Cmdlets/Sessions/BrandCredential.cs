using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;

namespace OptimoveDC.Cmdlets.Sessions;

/// <summary>A credential with both keys of a brand: the user name is the brand key, the password the API key.</summary>
internal static class BrandCredential
{
    /// <summary>Reads the brand key.</summary>
    /// <param name="credential">The credential.</param>
    /// <param name="where">Where it comes from, as the start of a sentence.</param>
    /// <param name="brandKey">The brand key.</param>
    /// <param name="reason">Why there is none. What stands there instead may be the API key: it is not repeated.</param>
    internal static bool TryReadBrandKey(PSCredential credential, string where, out Guid brandKey, [NotNullWhen(false)] out string? reason)
    {
        reason = null;
        if (Guid.TryParse(credential.UserName, out brandKey))
        {
            return true;
        }

        reason = Guid.TryParse(credential.GetNetworkCredential().Password, out _)
            ? $"{where} has its two keys swapped: the user name must be the brand key (a UUID), the password the API key."
            : $"{where} has no brand key: its user name must be the brand's UUID, its password the API key.";
        return false;
    }
}
