namespace OptimoveDC.Core.Loading;

/// <summary>Who counts records as they are read: the ledger of a load, or a test that sends nothing.</summary>
internal interface IRecordAccount
{
    /// <summary>Counts a record that was read.</summary>
    void CountRead();

    /// <summary>Counts a record that was refused before it was sent.</summary>
    void Reject(Rejection rejection);
}
