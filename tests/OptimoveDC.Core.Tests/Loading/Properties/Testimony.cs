using System.Globalization;
using System.Text;
using System.Text.Json;
using OptimoveDC.Core.Http;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Tests.Faults;
using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Loading.Properties;

/// <summary>
/// What the service and the proxy saw of a case, and what the engine says of it. Nothing here comes from the engine but
/// <see cref="Report"/> and <see cref="Warnings"/>.
/// </summary>
internal sealed class Testimony
{
    private readonly HashSet<int> _heardRows;
    private readonly HashSet<int> _carriedRows;
    private readonly HashSet<int> _takenRows;
    private readonly HashSet<int> _rejectedRows;

    internal Testimony(LoadCase @case, LoadReport report, IReadOnlyList<string> warnings, IReadOnlyList<SeenRequest> requests, EmulatedConnection connection, bool wasStopped)
    {
        WasStopped = wasStopped;
        Case = @case;
        Report = report;
        Warnings = warnings;
        Requests = requests;
        Records = connection.Records;
        Batches = [.. connection.Batches.Skip(@case.Present.Count > 0 ? 1 : 0)];
        _heardRows = [.. requests.Where(request => request.WasHeardToSucceed).SelectMany(request => request.Rows)];
        _carriedRows = [.. requests.SelectMany(request => request.Rows)];
        _takenRows = [.. requests.SelectMany(request => request.Rows.Zip(request.Arrivals).Where(pair => pair.Second.Accepted).Select(pair => pair.First))];
        _rejectedRows = [.. report.Rejections.Select(rejection => (int)rejection.Line - 1)];
    }

    internal LoadCase Case { get; }

    internal LoadReport Report { get; }

    internal LoadResult Result => Report.Result;

    internal IReadOnlyList<string> Warnings { get; }

    /// <summary>Every request whose body was whole, in the order in which the service acted on them.</summary>
    internal IReadOnlyList<SeenRequest> Requests { get; }

    internal IReadOnlyList<StoredRecord> Records { get; }

    /// <summary>The batches of the load; that of the records before it is not among them.</summary>
    internal IReadOnlyList<EmulatedBatch> Batches { get; }

    /// <summary>
    /// Whether the user stopped the load. Then an answer that the proxy passed back may have found nobody listening: what was
    /// heard is what the proxy answered, or less.
    /// </summary>
    internal bool WasStopped { get; }

    /// <summary>Whether the engine says that it decided about every record.</summary>
    internal bool IsDecided => Result is { Unknown: 0, NotSent: 0 };

    /// <summary>How many requests the service carried out after one that had come in later.</summary>
    internal int CarriedOutOfTurn
    {
        get
        {
            var newest = 0L;
            var count = 0;
            foreach (var request in Requests.Where(request => request.Arrivals.Count > 0))
            {
                count += request.Sequence < newest ? 1 : 0;
                newest = Math.Max(newest, request.Sequence);
            }

            return count;
        }
    }

    /// <summary>The rows that the engine has read and that have a key.</summary>
    internal IEnumerable<CaseRow> ReadRows => Case.Rows.Take((int)Result.Read).Where(row => row.Key.IsUsable);

    /// <summary>Whether the client heard a success of a request with the row.</summary>
    internal bool WasAcknowledged(CaseRow row) => _heardRows.Contains(row.Index);

    /// <summary>Whether the row was in a request that reached the service whole.</summary>
    internal bool WasCarried(CaseRow row) => _carriedRows.Contains(row.Index);

    /// <summary>Whether the service took the row in, whoever heard of it.</summary>
    internal bool WasTaken(CaseRow row) => _takenRows.Contains(row.Index);

    /// <summary>Whether the engine reported the row as rejected.</summary>
    internal bool WasRejected(CaseRow row) => _rejectedRows.Contains(row.Index);

    /// <summary>Whether a later row of the very same key is so near that it may be of the same chunk, and take its place.</summary>
    internal bool MayBeSuperseded(CaseRow row) =>
        !WasCarried(row) && ReadRows.SkipWhile(other => other.Index <= row.Index).Take(Case.BatchSize - 1).Any(other => other.Key == row.Key);

    /// <summary>Whether two rows were ever in one request: then they are of one chunk.</summary>
    internal bool AreOfOneChunk(int row, int other) => Requests.Any(request => request.Rows.Contains(row) && request.Rows.Contains(other));

    /// <summary>The whole story of a row's key, for whoever has to find out what went wrong.</summary>
    internal string StoryOf(string keyClass)
    {
        var keys = Case.Rows.Where(row => row.Key.Class == keyClass).Select(row => row.Key).Distinct().ToList();
        var json = keys.Select(key => key.Json).ToHashSet();
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"    rows of {string.Join(" and ", json)}: {string.Join(", ", Case.Rows.Where(row => row.Key.Class == keyClass).Select(Describe))}");
        foreach (var request in Requests.Where(request => request.Keys.Any(json.Contains)))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"    request {request}");
            foreach (var arrival in request.Arrivals.Where(arrival => json.Contains(arrival.KeyJson)))
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"      arrival {arrival.Sequence}: {arrival.KeyJson} {arrival.ValueJson} {(arrival.Accepted ? "taken" : "not taken")}");
            }
        }

        text.Append(CultureInfo.InvariantCulture, $"    at the end: {string.Join(", ", Records.Where(record => json.Contains(record.KeyJson)).Select(record => $"{record.KeyJson} {record.Json}").DefaultIfEmpty("nothing"))}");
        return text.ToString();
    }

    private string Describe(CaseRow row) =>
        $"{row.Index}={row.Key.Json}{(row.IsRefused ? " (refused)" : "")}{(WasAcknowledged(row) ? " acknowledged" : WasRejected(row) ? " rejected" : WasTaken(row) ? " taken" : WasCarried(row) ? " carried" : "")}";
}
