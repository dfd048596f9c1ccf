using OptimoveDC.Core.Records.Columns;

namespace OptimoveDC.Cmdlets.Records;

/// <summary>How objects of one shape are sent: found out with the first of them, and good for all.</summary>
internal sealed class ShapePlan
{
    /// <summary>The place of the key's field; -1 when there is none to be taken.</summary>
    internal required int Key { get; init; }

    /// <summary>Why there is no key.</summary>
    internal string? KeyReason { get; init; }

    /// <summary>True when there is no key because there could be several.</summary>
    internal bool IsAmbiguous { get; init; }

    /// <summary>How each field is sent; null for one whose name can't be. Found out when a record is first written.</summary>
    internal Column?[]? Columns { get; set; }
}
