using System.Security.Cryptography;

namespace OptimoveDC.Emulator;

/// <summary>A brand of the service with its two keys, random for each brand.</summary>
public sealed class EmulatedBrand
{
    internal EmulatedBrand()
    {
    }

    /// <summary>The secret that goes into the <c>x-api-key</c> header.</summary>
    public string ApiKey { get; } = Convert.ToHexString(RandomNumberGenerator.GetBytes(24));

    /// <summary>The UUID that goes into the <c>x-brand-key</c> header.</summary>
    public Guid BrandKey { get; } = new(RandomNumberGenerator.GetBytes(16));
}
