namespace OptimoveDC.Core.Records;

/// <summary>The field that a reject file adds to a record, so that the file can be imported again once it is mended.</summary>
public static class RejectField
{
    /// <summary>Its name. A field of this name whose value is an object is never data, and is left out of what is sent.</summary>
    public const string Name = "_optimove_reject";

    /// <summary>The field within it that is true for a record of which a value is missing, because it can't be written as JSON.</summary>
    public const string Incomplete = "incomplete";

    /// <summary>Why such a record is refused when it is imported again.</summary>
    public const string WhyIncomplete = "a value of it is missing in the reject file, because it can't be written as JSON; send the record from where it came from, or complete it and take 'incomplete' out of its '_optimove_reject'";
}
