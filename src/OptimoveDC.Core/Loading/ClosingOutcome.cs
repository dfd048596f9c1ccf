namespace OptimoveDC.Core.Loading;

/// <summary>What became of a request that was to complete a batch with a record sent again.</summary>
internal enum ClosingOutcome
{
    /// <summary>The service acknowledged it.</summary>
    Completed,

    /// <summary>The service refused the record and nothing else: another may do.</summary>
    Refused,

    /// <summary>The load was halted.</summary>
    Stopped,
}
