namespace OptimoveDC.Core.Sync;

/// <summary>What the comparison of a source with the state came to.</summary>
internal sealed class SyncCounts
{
    internal long New { get; set; }

    internal long Changed { get; set; }

    internal long Refreshed { get; set; }

    internal long Resent { get; set; }

    internal long Unchanged { get; set; }

    /// <summary>Records replaced by a later one of their key.</summary>
    internal long Superseded { get; set; }

    /// <summary>Keys that the state has.</summary>
    internal long Known { get; set; }

    internal long Missing { get; set; }

    /// <summary>Missing keys whose records have expired for certain.</summary>
    internal long Expired { get; set; }

    internal long ToDelete { get; set; }

    internal long ToSend => New + Changed + Refreshed + Resent;
}
