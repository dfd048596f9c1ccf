using System.Management.Automation;

namespace OptimoveDC.Cmdlets.Arguments;

/// <summary>
/// Takes a time-to-live as seconds or as a TimeSpan. The shell's own cast would make ticks of a number and days
/// of a numeric string.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TimeToLiveTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override bool TransformNullOptionalParameters => false;

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        TimeToLive.TryRead(inputData, out var seconds, out var reason)
            ? seconds
            : throw new ArgumentTransformationMetadataException(reason);
}
