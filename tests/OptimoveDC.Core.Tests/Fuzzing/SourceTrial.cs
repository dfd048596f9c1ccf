using System.Text.Json;
using ICSharpCode.SharpZipLib;
using OptimoveDC.Core.Api;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Loading.Rejects;
using OptimoveDC.Core.Records;
using OptimoveDC.Core.Records.Files;
using OptimoveDC.Core.Records.Inspection;
using OptimoveDC.Core.Tests.Records.Inspection;
using OptimoveDC.Core.Tests.Resuming;
using OptimoveDC.Core.Tests.Service;
using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Fuzzing;

/// <summary>Imports one file, tests it offline, has it read by witnesses, and holds the three against each other.</summary>
internal static class SourceTrial
{
    internal static async Task<TrialResult> RunAsync(EmulatedAccount account, FuzzInput input)
    {
        using var folder = new ScratchFolder();
        var path = folder.PathOf(input.Name);
        await File.WriteAllBytesAsync(path, input.Bytes);
        var connection = account.Server.Service.AddConnection(account.Brand, "fuzz", "user_id");
        var before = account.Server.Service.Arrivals.Count;
        var (report, refusal) = await ImportAsync(account, connection, path, folder.PathOf("rejects.ndjson"), input.BatchSize);
        var arrivals = account.Server.Service.Arrivals.Skip(before).ToList();

        CheckRefusal(input, path, refusal ?? report?.Failure as SourceException);
        if (report is not null)
        {
            CheckAccount(report, arrivals);
            CheckRejects(input, report, folder.PathOf("rejects.ndjson"));
        }

        Assert.True(report is not null || arrivals.Count == 0, "It was refused, and records arrived.");
        await CheckTestAgreesAsync(path, input, report, refusal);
        return Judge(input, report, refusal ?? report?.Failure as SourceException, arrivals);
    }

    private static async Task<(LoadReport? Report, SourceException? Refusal)> ImportAsync(EmulatedAccount account, EmulatedConnection connection, string path, string rejects, int batchSize)
    {
        try
        {
            var source = await RecordFile.OpenAsync(path, new FileLayout { KeyProperty = "user_id" }, CancellationToken.None);
            using var rejectFile = new RejectFile(rejects, continues: false);
            var batch = Guid.NewGuid();
            return (await account.LoadAsync(
                account.UploadPlan(batchSize: batchSize) with
                {
                    DataConnectionId = connection.Id,
                    Envelope = new UploadEnvelope(batch, timeToLiveSeconds: null),
                    BatchId = batch,
                    RejectFile = rejectFile,
                },
                source), null);
        }
        catch (SourceException exception)
        {
            return (null, exception);
        }
    }

    private static void CheckRefusal(FuzzInput input, string path, SourceException? refusal)
    {
        if (refusal is null)
        {
            return;
        }

        Assert.StartsWith(path, refusal.Message, StringComparison.Ordinal);
        Assert.True(refusal.Message.Length > path.Length + 10, "It was refused without a reason.");
        if (refusal.Line is { } line && !input.Name.EndsWith(".gz", StringComparison.Ordinal))
        {
            Assert.InRange(line, 1, LinesOf(input));
        }
    }

    private static void CheckAccount(LoadReport report, List<Arrival> arrivals)
    {
        var result = report.Result;
        Assert.Equal(result.Read, result.Sent + result.Rejected + result.Skipped + result.Unknown + result.NotSent);
        Assert.Equal(0, result.Unknown);

        // The record that completes a batch after a refused last chunk is sent once more by design.
        var accepted = arrivals.Count(arrival => arrival.Accepted);
        Assert.InRange(accepted, result.Sent, result.Sent + (report.Rejections.Any(rejection => rejection.StatusCode is not null) ? 1 : 0));
        Assert.Equal(result.Rejected, report.Rejections.Count);
        Assert.True(report.Failure is null or SourceException or ServiceException, $"{report.Failure}");
    }

    private static void CheckRejects(FuzzInput input, LoadReport report, string rejects)
    {
        foreach (var rejection in report.Rejections)
        {
            Assert.NotEmpty(rejection.Reason);
            if (!input.Name.EndsWith(".gz", StringComparison.Ordinal))
            {
                Assert.InRange(rejection.Line, 1, LinesOf(input));
            }
        }

        // Each is kept where a program can read it again, and so can we.
        var kept = File.Exists(rejects) ? File.ReadAllLines(rejects) : [];
        Assert.Equal(report.Rejections.Count, kept.Length);
        foreach (var line in kept)
        {
            using var document = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 1000 });
            Assert.Equal(JsonValueKind.Object, document.RootElement.ValueKind);
        }

        using var again = new RejectFile(rejects, continues: true);
    }

    private static async Task CheckTestAgreesAsync(string path, FuzzInput input, LoadReport? report, SourceException? refusal)
    {
        var (test, findings) = await InspectedFile.TestAsync(
            path,
            new FileLayout { KeyProperty = "user_id" },
            new DataTestPlan { Source = path, BatchSize = input.BatchSize, IsDetailed = true });
        if (report?.Failure is ServiceException)
        {
            return;
        }

        Assert.Equal((refusal ?? report!.Failure)?.Message, test.Failure);
        if (report is not null)
        {
            Assert.Equal(report.Result.Read, test.Read);
            Assert.Equal(
                report.Rejections.Where(rejection => rejection.StatusCode is null).Select(rejection => (rejection.Line, rejection.Reason)),
                findings.Where(finding => finding.IsReject).Select(finding => (finding.Line!.Value, finding.Message)));
        }
    }

    private static TrialResult Judge(FuzzInput input, LoadReport? report, SourceException? refusal, List<Arrival> arrivals)
    {
        var seen = (refusal is null ? 0 : TrialResult.Refused)
            | (report?.Rejections.Count > 0 ? TrialResult.Rejected : 0)
            | (arrivals.Count > 0 ? TrialResult.Arrived : 0)
            | (report?.Rejections.Any(rejection => rejection.StatusCode is not null) == true ? TrialResult.ServiceRefused : 0);
        var (expected, libraryAgrees) = SourceWitness.Read(input);
        Assert.True(libraryAgrees != false, "A library reads other fields than the witness.");
        if (expected is null || report?.Failure is ServiceException)
        {
            return seen;
        }

        // Of a gzip file that was cut short or is damaged at its end the framework unpacks what there is, and the product refuses it.
        if (refusal?.InnerException is IOException or SharpZipBaseException && input.Bytes.AsSpan().StartsWith<byte>([0x1F, 0x8B]))
        {
            return seen;
        }

        Assert.True(expected.IsRefused == refusal is not null, expected.IsRefused ? "It should have been refused." : $"It should not have been refused: {refusal?.Message}");
        Assert.Equal(expected.RefusalLine ?? refusal?.Line, refusal?.Line);
        if (expected.Rows is { } rows)
        {
            Compare(rows, report, arrivals);
        }

        return seen | TrialResult.Witnessed | (libraryAgrees == true ? TrialResult.LibraryAgreed : 0);
    }

    private static void Compare(IReadOnlyList<ExpectedRow> rows, LoadReport? report, List<Arrival> arrivals)
    {
        if (report is null)
        {
            Assert.Empty(rows);
            return;
        }

        Assert.Equal(rows.Count, report.Result.Read);
        Assert.Equal(rows.Where(row => row.Key is null).Select(row => row.Line), report.Rejections.Where(rejection => rejection.StatusCode is null).Select(rejection => rejection.Line));
        var refused = report.Rejections.Where(rejection => rejection.StatusCode is not null).Select(rejection => rejection.Line).ToHashSet();
        var expected = rows.Where(row => row.Key is not null).GroupBy(row => row.Key!).ToDictionary(group => group.Key, group => group.Select(row => row.Value!).ToList());

        // The service knows the key by another case of its name, and refuses those; they must be of the source all the same.
        var unnamed = arrivals.Where(arrival => arrival.KeyJson == "null").ToList();
        var all = expected.Values.SelectMany(values => values).ToHashSet(StringComparer.Ordinal);
        Assert.All(unnamed, arrival => Assert.Contains(Plain(arrival.ValueJson!), all));
        var arrived = arrivals.Except(unnamed).Select(arrival => (Key: Plain(arrival.KeyJson), Value: Plain(arrival.ValueJson!))).GroupBy(pair => pair.Key).ToDictionary(group => group.Key, group => group.Select(pair => pair.Value).ToList());
        foreach (var (key, values) in arrived)
        {
            Assert.True(expected.ContainsKey(key), $"A record arrived that is not in the source: {key}");
            Assert.All(values, value => Assert.Contains(value, expected[key]));
        }

        if (report.Failure is null && report.Result.NotSent == 0 && unnamed.Count == 0)
        {
            // What the service refused need not have arrived in a body that it could read.
            var mustArrive = rows.Where(row => row.Key is not null).GroupBy(row => row.Key!).Where(group => !group.Any(row => refused.Contains(row.Line)));
            Assert.All(mustArrive, group => Assert.Equal(group.Last().Value, arrived[group.Key][^1]));
        }
    }

    private static string Plain(string json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 1000 });
        return PlainJson.Of(document.RootElement);
    }

    private static long LinesOf(FuzzInput input) => 1 + input.Bytes.Count(value => value is (byte)'\n' or (byte)'\r');
}
