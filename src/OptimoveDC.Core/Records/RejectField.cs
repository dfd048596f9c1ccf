namespace OptimoveDC.Core.Records;

/// <summary>The field in which a reject file says why a record was refused.</summary>
public static class RejectField
{
    /// <summary>Its name. An import leaves a field of this name out when it holds an object, so that a mended reject file can be imported as it is.</summary>
    public const string Name = "_optimove_reject";
}
