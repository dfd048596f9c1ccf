using System.Runtime.CompilerServices;

namespace OptimoveDC.Core.Records;

/// <summary>
/// Reads records that are there already in a plain loop: nearly every one is, and a call that might have to wait costs
/// more than a record.
/// </summary>
internal static class BufferedReading
{
    /// <summary>Reads on until there is something to do, or to wait for.</summary>
    /// <param name="source">The source.</param>
    /// <param name="writer">Takes the records.</param>
    /// <param name="hasToPause">Asked after each record.</param>
    /// <param name="reading">The reading to wait for; its result says whether there was a record.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>True when it pauses after a record; false when <paramref name="reading"/> has the answer.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static bool ReadOn(
        IRecordSource source, RecordWriter writer, Func<bool> hasToPause, out ValueTask<bool> reading, CancellationToken cancellationToken)
    {
        do
        {
            reading = source.ReadAsync(writer, cancellationToken);
            if (!reading.IsCompletedSuccessfully)
            {
                return false;
            }

            if (!reading.Result)
            {
                reading = ValueTask.FromResult(false);
                return false;
            }
        }
        while (!hasToPause());
        return true;
    }
}
