namespace OptimoveDC.Core.Loading;

/// <summary>What became of a record. Each record ends in exactly one.</summary>
internal enum RecordOutcome : byte
{
    /// <summary>Not decided yet; none is left at the end of a load.</summary>
    Open,

    /// <summary>Acknowledged by the service.</summary>
    Sent,

    /// <summary>Refused.</summary>
    Rejected,

    /// <summary>Replaced by a later record of its key, or already gone when it was to be deleted.</summary>
    Skipped,

    /// <summary>In a request whose outcome was never heard.</summary>
    Unknown,

    /// <summary>Read, but never in a request that could have worked.</summary>
    NotSent,
}
