using System.Text;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Records;
using OptimoveDC.Core.Records.Files;
using OptimoveDC.Core.Records.Inspection;
using OptimoveDC.Core.Tests.Service;

namespace OptimoveDC.Core.Tests.Records.Inspection;

/// <summary>What a test says would be rejected is what the import rejects, over sources drawn at random.</summary>
public sealed class DataTestPropertyTests
{
    private const int BatchSize = 10;
    private const int Sources = 30;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task A_test_foretells_the_rejects_the_counts_and_the_requests_of_the_import(int group)
    {
        await using var account = EmulatedAccount.Open();
        var (rejects, failures) = (0, 0);
        for (var seed = group * Sources; seed < (group + 1) * Sources; seed++)
        {
            var source = new RandomSource(seed);
            try
            {
                var (rejected, failed) = await CompareAsync(account, source);
                rejects += rejected;
                failures += failed ? 1 : 0;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                throw new InvalidOperationException($"Seed {seed}: {exception.Message}\n{source}", exception);
            }
        }

        // Sources without a fault would show nothing.
        Assert.True(rejects > 10 * Sources / 4 && failures > 0, $"{rejects} rejects, {failures} failures");
    }

    private static async Task<(int Rejects, bool Failed)> CompareAsync(EmulatedAccount account, RandomSource source)
    {
        var connection = account.Server.Service.AddConnection(account.Brand, "drawn", "user_id");
        var (test, findings) = await InspectedFile.TestAsync(source.File, Encoding.UTF8.GetBytes(source.Text), source.Layout, source.KeyType, BatchSize);
        LoadReport? report = null;
        SourceException? refusal = null;
        try
        {
            var batch = Guid.NewGuid();
            var plan = account.UploadPlan(batchSize: BatchSize) with
            {
                DataConnectionId = connection.Id,
                Envelope = new UploadEnvelope(batch, timeToLiveSeconds: null),
                BatchId = batch,
                KeyType = source.KeyType,
                MaxReject = int.MaxValue,
            };
            report = await account.LoadFileAsync(source.File, Encoding.UTF8.GetBytes(source.Text), source.Layout, plan);
            refusal = report.Failure as SourceException;
        }
        catch (SourceException exception)
        {
            refusal = exception;
        }

        Assert.Equal(Reason(refusal?.Message), Reason(test.Failure));
        if (report is null)
        {
            Assert.Equal(0, test.Read);
            return (0, true);
        }

        var rejects = findings.Where(finding => finding.IsReject).ToList();
        Assert.Equal(report.Rejections.Select(rejection => (rejection.Line, rejection.Reason)), rejects.Select(finding => (finding.Line!.Value, finding.Message)));
        Assert.Equal((report.Result.Read, report.Result.Rejected), (test.Read, test.Rejected));
        Assert.Equal(findings.Count, test.Findings);
        Assert.Equal(findings.Count(finding => !finding.IsReject && finding.Kind != DataFindingKind.UnreadableSource), test.Warnings);
        if (refusal is null)
        {
            Assert.Equal((report.Result.Sent, report.Result.Skipped), (test.WouldSend, test.Superseded));
            Assert.Equal(report.Result.Requests, test.Requests);
            Assert.Equal(connection.Records.Count, test.DistinctKeys);
            Assert.Equal(test.Read - test.Rejected - test.DistinctKeys, test.Duplicates);
        }

        return (rejects.Count, refusal is not null);
    }

    // The file lies in another folder for each.
    private static string? Reason(string? message) => message?[message.LastIndexOf(Path.DirectorySeparatorChar)..];
}
