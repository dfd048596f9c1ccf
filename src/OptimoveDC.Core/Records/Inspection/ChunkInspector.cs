using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using OptimoveDC.Core.Loading;

namespace OptimoveDC.Core.Records.Inspection;

/// <summary>Looks through full chunks, each of which would be a request.</summary>
internal sealed class ChunkInspector(FindingLog log)
{
    internal KeyCensus Keys { get; } = new(log);

    internal long Requests { get; private set; }

    internal long Superseded { get; private set; }

    internal long Bytes { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Inspect(Chunk chunk)
    {
        Requests++;
        Superseded += chunk.Count - chunk.LiveCount;
        foreach (var record in chunk.Live)
        {
            Bytes += chunk.RecordAt(record).Length;
        }

        for (var record = 0; record < chunk.Count; record++)
        {
            var element = chunk.ElementOf(record);
            var key = chunk.KeyOf(record);
            var line = chunk.RecordAt(record).Line;
            Keys.Add(key, line);
            SuspectCharacters.Find(element, line, key, log);
            if (element.Length > LoadPlan.DefaultMaxChunkBytes)
            {
                log.Add(
                    DataFindingKind.OversizedRecord,
                    line,
                    $"the record takes {element.Length.ToString("N0", CultureInfo.InvariantCulture)} bytes, more than a request should ({LoadPlan.DefaultMaxChunkBytes >> 20} MiB); it goes alone, and the service may refuse it",
                    primaryKey: Encoding.UTF8.GetString(key));
            }
        }
    }
}
