using System.Text.Json;
using OptimoveDC.Core.Api;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Tests.Service;
using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Loading;

/// <summary>Refused records are found at a stated cost, and take no other down with them.</summary>
public sealed class IsolationTests
{
    public static TheoryData<BadRequestScope, ErrorBodyShape> NamingShapes() => new(
        from scope in Enum.GetValues<BadRequestScope>()
        from shape in new[] { ErrorBodyShape.StatusErrorMessage, ErrorBodyShape.NestedErrorWithDetailsObject, ErrorBodyShape.FastApiDetail }
        select (scope, shape));

    public static TheoryData<BadRequestScope, ErrorBodyShape> SilentShapes() => new(
        from scope in Enum.GetValues<BadRequestScope>()
        from shape in new[] { ErrorBodyShape.StatusErrorMessage, ErrorBodyShape.FastApiDetail, ErrorBodyShape.Html, ErrorBodyShape.Empty }
        select (scope, shape));

    [Theory]
    [MemberData(nameof(NamingShapes))]
    public async Task Bad_records_among_many_are_found_within_twenty_requests_where_the_reply_names_them(BadRequestScope scope, ErrorBodyShape shape)
    {
        var report = await LoadWithBadRecordsAsync(20_000, 37, new EmulatorOptions { BadRequestScope = scope, ErrorBodyShape = shape, NameBadKeysStructurally = true });

        Assert.InRange(report.Result.Requests, 1, 20);
    }

    [Theory]
    [MemberData(nameof(SilentShapes))]
    public async Task Bad_records_among_many_are_found_within_nine_hundred_requests_where_the_reply_says_nothing(BadRequestScope scope, ErrorBodyShape shape)
    {
        var report = await LoadWithBadRecordsAsync(20_000, 37, new EmulatorOptions { BadRequestScope = scope, ErrorBodyShape = shape });

        Assert.InRange(report.Result.Requests, 1, 900);
    }

    [Fact]
    public async Task One_bad_record_in_five_thousand_costs_some_thirty_requests()
    {
        var report = await LoadWithBadRecordsAsync(5000, 1, new EmulatorOptions());

        Assert.InRange(report.Result.Requests, 1, 30);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task A_source_whose_every_record_is_refused_stops_after_twenty_records_and_one_request_for_each_in_flight(int throttleLimit)
    {
        await using var account = EmulatedAccount.Open(new EmulatorOptions { RejectRecord = _ => true });
        var plan = account.UploadPlan() with { ThrottleLimit = throttleLimit };
        var report = await account.LoadAsync(plan, Enumerable.Range(0, 50_000).Select(n => new Row(n, "a")));

        Assert.Equal(ErrorCondition.RequestRefused, Assert.IsType<ServiceException>(report.Failure).Condition);
        Assert.Equal(20, report.Result.Rejected);
        Assert.InRange(report.Result.Requests, 21, 20 + throttleLimit);
        Assert.False(report.Result.Completed);
        Assert.True(report.Rejections.Max(rejection => rejection.Line) - report.Rejections.Min(rejection => rejection.Line) > 4000, "the sample is spread over the chunk");
    }

    [Fact]
    public async Task A_chunk_of_which_only_one_record_is_good_is_not_taken_for_a_shared_mistake_when_others_were_accepted()
    {
        await using var account = EmulatedAccount.Open(new EmulatorOptions { RejectRecord = Bad });
        var plan = account.UploadPlan(batchSize: 100) with { ThrottleLimit = 1 };
        var report = await account.LoadAsync(plan, Enumerable.Range(0, 200).Select(n => new Row(n, n is < 100 or 157 ? "good" : "bad")));

        Assert.Null(report.Failure);
        Assert.Equal((101L, 99L, true), (report.Result.Sent, report.Result.Rejected, report.Result.Completed));
    }

    [Fact]
    public async Task What_the_cap_on_requests_leaves_undivided_is_unknown_and_never_rejected()
    {
        await using var account = EmulatedAccount.Open(new EmulatorOptions { RejectRecord = Bad });
        var plan = account.UploadPlan(batchSize: 64) with { MaxIsolationRequests = 10, ThrottleLimit = 1 };
        var report = await account.LoadAsync(plan, Enumerable.Range(0, 128).Select(n => new Row(n, n is 70 or 100 ? "bad" : "good")));

        Assert.True(report.Result.Unknown > 0);
        Assert.Equal(128, report.Result.Sent + report.Result.Rejected + report.Result.Unknown);
        Assert.False(report.Result.Completed);
        Assert.InRange(report.Result.Requests, 1, 11);
        Assert.Contains(account.Warnings, warning => warning.Contains("10 requests", StringComparison.Ordinal) && warning.Contains("unknown", StringComparison.Ordinal));
        Assert.All(report.Rejections, rejection => Assert.Contains(rejection.Line, new long[] { 71, 101 }));
    }

    [Fact]
    public async Task A_good_record_that_a_reply_names_by_mistake_is_sent_all_the_same()
    {
        var first = 1;
        await using var account = EmulatedAccount.Open(new EmulatorOptions
        {
            FaultPlan = _ => Interlocked.Exchange(ref first, 0) == 1
                ? new Fault { StatusCode = 400, Body = """{"status":400,"error":"Bad Request","message":"no","invalid_keys":[3,"7"]}""" }
                : null,
        });
        var report = await account.LoadAsync(account.UploadPlan(), Enumerable.Range(0, 10).Select(n => new Row(n, "a")));

        Assert.Equal((10L, 0L, true), (report.Result.Sent, report.Result.Rejected, report.Result.Completed));
        Assert.Equal(10, account.Connection.Records.Count);
    }

    [Theory]
    [InlineData(BadRequestScope.WholeRequest)]
    [InlineData(BadRequestScope.BadItemsOnly)]
    public async Task A_name_means_the_key_of_its_very_spelling_and_never_the_good_one_beside_it(BadRequestScope scope)
    {
        await using var account = EmulatedAccount.Open(new EmulatorOptions
        {
            BadRequestScope = scope,
            NameBadKeysStructurally = true,
            RejectRecord = record => record.GetProperty("value").GetString() == "bad",
        });
        var report = await account.LoadAsync(
            account.UploadPlan(),
            [new Row("4", "good"), new Row(4, "bad"), new Row("5", "bad"), new Row(5.0m, "good"), new Row(6, "good"), new Row(6.0m, "bad")]);

        Assert.Equal((3L, 3L, true), (report.Result.Sent, report.Result.Rejected, report.Result.Completed));
        Assert.Equal(["4", "\"5\"", "6.0"], report.Rejections.OrderBy(rejection => rejection.Line).Select(rejection => rejection.PrimaryKey));
        Assert.Equal(["\"4\"", "5.0", "6"], account.Connection.Records.Select(record => record.KeyJson));
    }

    [Fact]
    public async Task A_key_to_delete_is_not_left_there_because_another_spelling_of_it_is_gone()
    {
        await using var account = EmulatedAccount.Open(new EmulatorOptions { NameBadKeysStructurally = true });
        await account.LoadAsync(account.UploadPlan(), [new Row("7", "text"), new Row("x", "other")]);
        var report = await account.LoadAsync(account.DeletePlan(), [new Row(7, ""), new Row("7", ""), new Row("x", "")]);

        Assert.Equal((2L, 1L), (report.Result.Sent, report.Result.Skipped));
        Assert.Empty(account.Connection.Records);
    }

    [Fact]
    public async Task A_name_in_another_spelling_means_the_one_key_that_may_be_meant()
    {
        await using var account = EmulatedAccount.Open(new EmulatorOptions
        {
            FaultPlan = request => request.BodyText()!.Contains("\"bad\"", StringComparison.Ordinal)
                ? new Fault { StatusCode = 400, Body = """{"invalid_keys":["1017"]}""" }
                : null,
        });
        var report = await account.LoadAsync(account.UploadPlan(), Enumerable.Range(1000, 100).Select(n => new Row(n, n == 1017 ? "bad" : "good")));

        Assert.Equal((99L, 18L), (report.Result.Sent, Assert.Single(report.Rejections).Line));
        Assert.Equal(4, report.Result.Requests);
    }

    [Theory]
    [InlineData("""{"invalid_keys":[1017],"invalid_records":1001,"of":1002,"limits":{"most":1003}}""")]
    [InlineData("""{"errors":[{"primary_key":1017,"line":1001,"attempt":1002}]}""")]
    public async Task A_number_that_counts_something_names_nobody(string body)
    {
        await using var account = EmulatedAccount.Open(new EmulatorOptions
        {
            FaultPlan = request => request.BodyText()!.Contains("\"bad\"", StringComparison.Ordinal) ? new Fault { StatusCode = 400, Body = body } : null,
        });
        var report = await account.LoadAsync(account.UploadPlan(), Enumerable.Range(1000, 100).Select(n => new Row(n, n == 1017 ? "bad" : "good")));

        Assert.Equal((99L, 18L), (report.Result.Sent, Assert.Single(report.Rejections).Line));
        Assert.Equal(99, account.Connection.Records.Count);
    }

    [Fact]
    public async Task Words_of_a_message_name_nobody()
    {
        await using var account = EmulatedAccount.Open(new EmulatorOptions
        {
            KeepBodies = true,
            FaultPlan = request => request.BodyText()!.Contains("\"bad\"", StringComparison.Ordinal)
                ? new Fault { StatusCode = 400, Body = """{"status":"error","error":"3","message":"3","code":3,"requestId":"3"}""" }
                : null,
        });
        var report = await account.LoadAsync(account.UploadPlan(), Enumerable.Range(0, 10).Select(n => new Row(n, n == 5 ? "bad" : "good")));

        Assert.Equal(6, Assert.Single(report.Rejections).Line);
        // Named by nobody, record 3 was never asked about alone.
        Assert.DoesNotContain(account.Server.Service.Requests, request => Keys(request).SequenceEqual([3]));
    }

    [Theory]
    [InlineData("""{"detail":[{"loc":["body","data",4,"user_id"],"msg":"no","type":"x"}]}""")]
    [InlineData("""{"errors":[{"field":"data.k4","message":"no"}]}""")]
    [InlineData("""{"errors":[{"field":"data[\"k4\"]","message":"no"}]}""")]
    [InlineData("""{"error":{"details":{"keys":["k4"]}}}""")]
    [InlineData("""{"rejected":"k4"}""")]
    public async Task A_record_is_named_by_a_value_a_field_path_or_an_index(string body)
    {
        await using var account = EmulatedAccount.Open(new EmulatorOptions
        {
            KeepBodies = true,
            FaultPlan = request => request.BodyText()!.Contains("\"bad\"", StringComparison.Ordinal) ? new Fault { StatusCode = 422, Body = body } : null,
        });
        var report = await account.LoadAsync(account.UploadPlan(), Enumerable.Range(0, 100).Select(n => new Row($"k{n}", n == 4 ? "bad" : "good")));

        Assert.Equal(5, Assert.Single(report.Rejections).Line);
        // The whole, the others, the named one, and the record that completes the batch.
        Assert.InRange(report.Result.Requests, 3, 4);
        Assert.True(report.Result.Completed);
    }

    [Theory]
    [InlineData(ErrorBodyShape.StatusErrorMessage)]
    [InlineData(ErrorBodyShape.NestedErrorWithDetailsObject)]
    [InlineData(ErrorBodyShape.FastApiDetail)]
    public async Task A_number_that_is_named_condemns_no_text_of_the_same_digits(ErrorBodyShape shape)
    {
        await using var account = EmulatedAccount.Open(new EmulatorOptions { RejectRecord = Bad, NameBadKeysStructurally = true, ErrorBodyShape = shape });
        var report = await account.LoadAsync(account.UploadPlan(), [new Row("4", "good"), new Row(4, "bad"), new Row("5", "good")]);

        Assert.Equal(2, Assert.Single(report.Rejections).Line);
        Assert.Equal((2L, 1L, true), (report.Result.Sent, report.Result.Rejected, report.Result.Completed));
    }

    private static bool Bad(JsonElement record) => record.GetProperty("value").GetString() == "bad";

    private static IEnumerable<int> Keys(LoggedRequest request) =>
        JsonDocument.Parse(request.BodyText()!).RootElement.GetProperty("data").EnumerateArray().Select(record => record.GetProperty("user_id").GetInt32());

    private static async Task<LoadReport> LoadWithBadRecordsAsync(int count, int bad, EmulatorOptions options)
    {
        options.RejectRecord = Bad;
        await using var account = EmulatedAccount.Open(options);
        var places = new HashSet<int>();
        var random = new Random(20_261_124);
        while (places.Count < bad)
        {
            places.Add(random.Next(count));
        }

        var report = await account.LoadAsync(account.UploadPlan(), Enumerable.Range(0, count).Select(n => new Row(n, places.Contains(n) ? "bad" : "good")));

        Assert.Null(report.Failure);
        Assert.Equal((count, count - bad, bad, true), (report.Result.Read, report.Result.Sent, report.Result.Rejected, report.Result.Completed));
        Assert.Equal(places.Order().Select(place => place + 1L), report.Rejections.Select(rejection => rejection.Line).Order());
        Assert.Equal(count - bad, account.Connection.Records.Count);
        TestContext.Current.TestOutputHelper?.WriteLine($"{report.Result.Requests} requests");
        return report;
    }
}
