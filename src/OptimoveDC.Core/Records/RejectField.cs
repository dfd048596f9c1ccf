namespace OptimoveDC.Core.Records;

/// <summary>The field that a reject file adds to a record, so that the file can be imported again once it is mended.</summary>
public static class RejectField
{
    /// <summary>Its name. A field of this name whose value is an object is never data, and is left out of what is sent.</summary>
    public const string Name = "_optimove_reject";
}
