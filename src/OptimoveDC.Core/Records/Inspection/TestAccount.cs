using OptimoveDC.Core.Loading;

namespace OptimoveDC.Core.Records.Inspection;

/// <summary>Counts what a test reads, and turns rejects into findings.</summary>
internal sealed class TestAccount(FindingLog log) : IRecordAccount
{
    private const int Many = 1000;
    private int _fresh;

    internal long Read { get; private set; }

    internal long Rejected { get; private set; }

    /// <summary>True when so many records were rejected that their findings should be handed out.</summary>
    internal bool HasMany => _fresh >= Many;

    internal void Rest() => _fresh = 0;

    public void CountRead() => Read++;

    public void Reject(Rejection rejection)
    {
        Rejected++;
        _fresh++;
        var kind = rejection.Fault switch
        {
            RecordFault.KeyMissing => DataFindingKind.MissingKey,
            RecordFault.KeyBlank => DataFindingKind.BlankKey,
            RecordFault.KeyInvalid => DataFindingKind.InvalidKey,
            RecordFault.Ragged => DataFindingKind.RaggedRow,
            RecordFault.Malformed => DataFindingKind.MalformedRecord,
            _ => DataFindingKind.InvalidValue,
        };
        log.Add(kind, rejection.Line, rejection.Reason, primaryKey: rejection.PrimaryKey);
    }
}
