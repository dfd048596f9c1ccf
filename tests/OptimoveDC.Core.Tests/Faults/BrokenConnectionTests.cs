using OptimoveDC.Core.Tests.Service;

namespace OptimoveDC.Core.Tests.Faults;

/// <summary>A connection may break at any moment: what was under way goes again, byte for byte.</summary>
public sealed class BrokenConnectionTests
{
    [Theory]
    [InlineData(ProxyFaultKind.Refuse)]
    [InlineData(ProxyFaultKind.ResetBeforeBody)]
    [InlineData(ProxyFaultKind.ResetDuringBody)]
    [InlineData(ProxyFaultKind.ResetAfterBody)]
    [InlineData(ProxyFaultKind.Stall)]
    [InlineData(ProxyFaultKind.CutAnswer)]
    [InlineData(ProxyFaultKind.GarbledHead)]
    public async Task A_broken_request_is_repeated_with_the_same_bytes_and_its_records_count_once(ProxyFaultKind kind)
    {
        await using var account = ProxiedAccount.Open();
        account.Proxy.Plan = request => request.Number == 1 ? new ProxyFault(kind) { AfterBytes = 20, Delay = TimeSpan.FromMilliseconds(50) } : null;
        var report = await account.LoadAsync(account.UploadPlan(), [new Row("a", "1"), new Row(2, "2"), new Row("c", "3")]);

        Assert.Equal((3L, 3L, true), (report.Result.Read, report.Result.Sent, report.Result.Completed));
        Assert.Null(report.Failure);
        Assert.Equal(1, account.Proxy.Played(kind));
        Assert.True(report.Result.Retries >= 1 && report.Result.Requests == report.Result.Retries + 1);
        Assert.Equal(account.Proxy.Requests[0].ContentLength, account.Proxy.Requests[1].ContentLength);
        Assert.Single(account.Requests.Select(request => request.BodyText()).Where(body => body is not null).Distinct());
        Assert.Equal(3, account.Connection.Records.Count);
    }

    [Fact]
    public async Task A_reset_in_the_middle_of_a_large_body_is_repeated_whole()
    {
        await using var account = ProxiedAccount.Open();
        account.Proxy.Plan = request => request.Number <= 2 ? new ProxyFault(ProxyFaultKind.ResetDuringBody) { AfterBytes = 1 << 20 } : null;
        var report = await account.LoadAsync(account.UploadPlan(), Enumerable.Range(0, 40).Select(n => new Row(n, new string('x', 100_000))));

        Assert.Equal((40L, 2L, true), (report.Result.Sent, report.Result.Retries, report.Result.Completed));
        Assert.Equal(40, account.Connection.Records.Count);
        Assert.Equal(40, account.Connection.Arrivals.Count);
    }

    [Fact]
    public async Task A_success_whose_body_is_a_page_of_HTML_is_a_success()
    {
        await using var account = ProxiedAccount.Open();
        account.Proxy.Plan = _ => new ProxyFault(ProxyFaultKind.GarbledBody);
        var report = await account.LoadAsync(account.UploadPlan(batchSize: 1), [new Row("a", "1"), new Row("b", "2")]);

        Assert.Equal((2L, 2L, true), (report.Result.Sent, report.Result.Requests, report.Result.Completed));
        Assert.Equal(2, account.Proxy.Played(ProxyFaultKind.GarbledBody));
    }

    [Fact]
    public async Task A_service_that_refuses_every_connection_is_given_up_with_nothing_unknown()
    {
        await using var account = ProxiedAccount.Open();
        account.Proxy.RefuseFor(TimeSpan.FromDays(100));
        var report = await account.LoadAsync(account.UpdatePlan(batchSize: 1), Enumerable.Range(0, 30).Select(n => new Row(n, "a")));

        Assert.NotNull(report.Failure);
        Assert.Equal((0L, report.Result.Read), (report.Result.Unknown, report.Result.NotSent));
        Assert.Empty(account.Requests);
    }
}
