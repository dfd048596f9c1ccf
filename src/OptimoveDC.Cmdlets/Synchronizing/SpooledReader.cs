using System.Data;
using OptimoveDC.Cmdlets.Tables;
using OptimoveDC.Core.Records;
using OptimoveDC.Core.Records.Files;
using OptimoveDC.Core.Sync;

namespace OptimoveDC.Cmdlets.Synchronizing;

/// <summary>A data reader that a sync reads twice: it is read once, and what it gave is kept.</summary>
internal sealed class SpooledReader(IDataReader reader, FileLayout layout, RecordSpool spool, RejectLimit maxReject)
{
    private IReadOnlyList<string>? _fieldNames;

    /// <summary>Opens what the reader gave; reads it first, at the first call.</summary>
    /// <exception cref="SourceException">The reader can't be read, or not to its end.</exception>
    internal async Task<IRecordSource> OpenAsync(CancellationToken cancellationToken)
    {
        if (_fieldNames is null)
        {
            var source = DataReaderSource.Open(reader, layout, layout.First);
            try
            {
                // With more rejects than are allowed the first reading stops, so there is no use in the rest.
                await Task.Run(() => spool.FillAsync(source, () => maxReject.IsExceededBy(spool.Rejected, spool.Read), cancellationToken), CancellationToken.None).ConfigureAwait(false);
            }
            finally
            {
                await source.DisposeAsync().ConfigureAwait(false);
            }

            _fieldNames = source.FieldNames;
        }

        return spool.Open(_fieldNames, []);
    }
}
