using System.Management.Automation;
using System.Security;

namespace OptimoveDC.Cmdlets.Arguments;

/// <summary>Refuses a key in plain text, and says how it is done: a string stays in memory, in the history and in logs.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is SecureString secret
            ? secret
            : throw new ArgumentTransformationMetadataException(
                "A key must be a SecureString. Ask for it with: Connect-Optimove -ApiKey (Read-Host -AsSecureString 'API key') -BrandKey <uuid>");
}
