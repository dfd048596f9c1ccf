namespace OptimoveDC.Core.Tests.Reliability.Matrix;

/// <summary>
/// Every call against every fault, once and always: it ends as it is documented, its account agrees with what the server
/// received, and nobody learns a key.
/// </summary>
public sealed class FaultMatrixTests(MatrixTally tally) : IClassFixture<MatrixTally>
{
    // Real time: as long as nothing hangs, a cell takes milliseconds.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // By the clock of the load: eight attempts, each of which is kept waiting for as long as anybody may be.
    private static readonly TimeSpan LongestLoad = TimeSpan.FromHours(2);

    // 64 KiB are read of an answer; the rest is what lies in buffers, and what is drained to keep a connection.
    private const long MostWritten = 16 << 20;

    public static TheoryData<string, string, MatrixCall, MatrixTimes> Cells() => new(
        from fault in MatrixFaults.All.Values
        from call in Enum.GetValues<MatrixCall>()
        from times in Enum.GetValues<MatrixTimes>()
        where times == MatrixTimes.Always || fault.CanPass
        select (fault.Row, fault.Name, call, times));

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task A_fault_ends_as_it_is_documented(string row, string fault, MatrixCall call, MatrixTimes times)
    {
        var column = MatrixFaults.All[(row, fault)];
        await using var run = new MatrixRun(column, call, times);

        await run.RunAsync().WaitAsync(Patience, TestContext.Current.CancellationToken);

        tally.Add(column, run);
        var expected = Expectation.Of(column, call, times);
        CheckOutcome(run, expected, call);
        CheckServer(run, expected, column);
        CheckWords(run, column, times);
        Assert.True(run.Elapsed < LongestLoad, $"{run.Elapsed}");
        if (column.Wait is { } wait && call != MatrixCall.Create && (times == MatrixTimes.Once || column.Effect == FaultEffect.ThrottlesTooLong))
        {
            Assert.InRange(run.Elapsed, wait.Least, wait.Most);
        }
    }

    /// <summary>How many cells a row of the table has.</summary>
    internal static int Tried(string what) => Cells().Count(cell => cell.Data.Item1 == what);

    private static void CheckOutcome(MatrixRun run, Expectation expected, MatrixCall call)
    {
        Assert.Equal(expected.Error, run.Error);
        Assert.InRange(run.Requests, expected.Requests.Least, expected.Requests.Most);
        if (call == MatrixCall.Create)
        {
            Assert.Equal(expected.Error is null ? MatrixFault.CreatedId : null, run.Created);
            return;
        }

        var result = run.Report!.Result;
        Assert.Equal(
            (MatrixRun.Records, expected.Sent, expected.Rejected, expected.Skipped, expected.Unknown, expected.NotSent),
            (result.Read, result.Sent, result.Rejected, result.Skipped, result.Unknown, result.NotSent));
        Assert.Equal(expected.Completed, result.Completed);
        Assert.Equal(expected.Rejected, run.Report.Rejections.Count);
        Assert.All(run.Report.Rejections, rejection => Assert.True(expected.RejectStatus is not { } status || rejection.StatusCode == status));
        Assert.Equal(expected.Warns, run.Warnings > 0);
    }

    // The server counted for itself.
    private static void CheckServer(MatrixRun run, Expectation expected, MatrixFault fault)
    {
        Assert.Null(run.Server.Defect);
        Assert.Equal(run.Requests, run.AttemptsSeen);
        Assert.Equal(0, run.Elsewhere.ConnectionCount);
        Assert.InRange(run.Server.MostWritten, 0, MostWritten);
        var requests = run.Server.Requests;
        if (fault.Effect is FaultEffect.Untrusted || fault is { Effect: FaultEffect.NotReached, NeverPasses: true })
        {
            Assert.Empty(requests);
        }
        else if (fault is { Greet: null, RefusesConnections: false })
        {
            Assert.Equal(run.Requests, requests.Count);
        }

        Assert.All(requests, request => Assert.Equal((run.ApiKey, run.BrandKey.ToString()), (request.Head["x-api-key"], request.Head["x-brand-key"])));

        // The same bytes each time that the same records are sent.
        Assert.All(
            requests.Where(request => request.Body is not null).GroupBy(request => string.Join(' ', request.Keys)).Where(same => same.Key.Length > 0),
            same => Assert.True(same.Select(request => System.Text.Encoding.UTF8.GetString(request.Body!).Replace("\"batch_completed\":true", "\"batch_completed\":false", StringComparison.Ordinal)).Distinct().Count() == 1));
        if (run.Report is null)
        {
            return;
        }

        var acknowledged = requests.Where(request => request.Answered is >= 200 and <= 299).SelectMany(request => request.Keys).Distinct().Count();
        var refused = requests.Where(request => request.Answered is 400 or 413 or 422 or 200).SelectMany(request => request.Keys).Distinct().Count();
        Assert.True(expected.Sent + expected.Skipped == 0 || acknowledged + refused >= MatrixRun.Records, $"{acknowledged} keys acknowledged");
        Assert.True(expected.Rejected <= refused, $"{refused} keys refused");
        Assert.True(expected.Sent + expected.Skipped > 0 || expected.Unknown > 0 || fault.Effect is FaultEffect.Refuses || acknowledged == 0, $"{acknowledged} keys acknowledged, and none counted");
    }

    private static void CheckWords(MatrixRun run, MatrixFault fault, MatrixTimes times)
    {
        Assert.DoesNotContain(run.ApiKey, run.Words, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(run.ApiKey[..16], run.Words, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(run.BrandKey.ToString(), run.Words, StringComparison.OrdinalIgnoreCase);
        if (fault.Words is { } words && times == MatrixTimes.Always)
        {
            Assert.Contains(words, run.Words, StringComparison.Ordinal);
        }
    }
}
