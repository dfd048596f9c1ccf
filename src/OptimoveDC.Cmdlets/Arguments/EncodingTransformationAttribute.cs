using System.Globalization;
using System.Management.Automation;
using System.Text;
using OptimoveDC.Core.Records.Files;

namespace OptimoveDC.Cmdlets.Arguments;

/// <summary>Takes an encoding by its name, as the shell's own cmdlets call it, by its code page, or as the object.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class EncodingTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var bare = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        try
        {
            return bare as Encoding ?? TextEncoding.Find(Convert.ToString(bare, CultureInfo.InvariantCulture) ?? "");
        }
        catch (ArgumentException exception)
        {
            throw new ArgumentTransformationMetadataException(exception.Message);
        }
    }
}
