using System.Globalization;
using System.Management.Automation;

namespace OptimoveDC.Cmdlets.Arguments;

/// <summary>Takes a duration as seconds or as a TimeSpan; the shell's own cast would make ticks of a number.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DurationTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var bare = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        var duration = bare switch
        {
            TimeSpan span => span,
            string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) => FromSeconds(seconds),
            string text when TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) => span,
            byte or sbyte or short or ushort or int or uint or long or ulong or float or double or decimal =>
                FromSeconds(Convert.ToDouble(bare, CultureInfo.InvariantCulture)),
            _ => throw new ArgumentTransformationMetadataException($"'{bare}' is neither a number of seconds nor a TimeSpan."),
        };
        return duration >= TimeSpan.Zero
            ? duration
            : throw new ArgumentTransformationMetadataException("A duration can't be negative.");
    }

    private static TimeSpan FromSeconds(double seconds) =>
        Math.Abs(seconds) <= int.MaxValue
            ? TimeSpan.FromSeconds(seconds)
            : throw new ArgumentTransformationMetadataException($"A duration can't be longer than {int.MaxValue} seconds.");
}
