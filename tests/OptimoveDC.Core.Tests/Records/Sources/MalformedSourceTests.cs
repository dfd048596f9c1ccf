using OptimoveDC.Core.Records;
using OptimoveDC.Core.Tests.Service;

namespace OptimoveDC.Core.Tests.Records.Sources;

/// <summary>Whatever is wrong with a file, its records arrive as they are, or it is said where and why they don't.</summary>
public sealed class MalformedSourceTests
{
    private static readonly Dictionary<string, SourceCase> Cases =
        DelimitedCases.All.Concat(JsonCases.All).Concat(ByteCases.All).ToDictionary(source => source.Title, StringComparer.Ordinal);

    public static TheoryData<string> Titles() => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Titles))]
    public async Task A_file_arrives_or_is_refused_with_its_line_and_the_reason(string title)
    {
        var source = Cases[title];
        await using var account = EmulatedAccount.Open();

        SourceException? refusal = null;
        try
        {
            var report = await account.LoadFileAsync(source.File, source.Bytes, source.Layout);
            Assert.Equal(source.Rejects.Select(reject => reject.Line), report.Rejections.Select(rejection => rejection.Line));
            Assert.All(report.Rejections.Zip(source.Rejects), pair => Assert.Contains(pair.Second.Reason, pair.First.Reason, StringComparison.Ordinal));
            Assert.Equal(source.Arrives.Count + source.Rejects.Count + (source.Refusal is null ? 0 : report.Result.NotSent), report.Result.Read);
            refusal = report.Failure as SourceException;
            Assert.Equal(refusal, report.Failure);
        }
        catch (SourceException exception)
        {
            refusal = exception;
            Assert.Equal(0, account.Server.Service.RequestCount);
        }

        Assert.True(source.Refusal is null == refusal is null, refusal?.Message ?? "It was not refused.");
        if (source.Refusal is { } expected)
        {
            Assert.Contains(expected.Reason, refusal!.Message, StringComparison.Ordinal);
            Assert.Contains(source.File, refusal.Message, StringComparison.Ordinal);
            Assert.Equal(expected.Line ?? refusal.Line, refusal.Line);
        }

        var arrived = account.Connection.Records.Select(record => record.Json).ToList();
        Assert.Equal(source.Arrives.Count, arrived.Count);
        Assert.All(source.Arrives.Zip(arrived), pair => JsonAssert.Equal(pair.First, pair.Second));
    }
}
