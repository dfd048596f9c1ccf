namespace OptimoveDC.Emulator;

/// <summary>What a refusal of some items does to the good ones beside them; the service's own rule is not documented.</summary>
public enum BadRequestScope
{
    /// <summary>Nothing of a refused request is applied.</summary>
    WholeRequest,

    /// <summary>The good items are applied, although the answer refuses the request.</summary>
    BadItemsOnly,
}
