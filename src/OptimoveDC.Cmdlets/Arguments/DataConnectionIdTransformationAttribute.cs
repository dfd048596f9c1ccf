using System.Management.Automation;

namespace OptimoveDC.Cmdlets.Arguments;

/// <summary>Takes a Data Connection where its identifier is asked for.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DataConnectionIdTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is DataConnection connection
            ? connection.DataConnectionId
            : inputData;
}
