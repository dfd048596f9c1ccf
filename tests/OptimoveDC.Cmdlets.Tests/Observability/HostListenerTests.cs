using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.Loader;
using OptimoveDC.Cmdlets.Tests.Documents;
using OptimoveDC.Cmdlets.Tests.Hosting;
using OptimoveDC.Emulator;

namespace OptimoveDC.Cmdlets.Tests.Observability;

/// <summary>Who listens in the host sees what the packaged module does, and it is what the results say.</summary>
[Collection(Alone.Name)]
public sealed class HostListenerTests
{
    private const string Secret = "very private value";

    [Fact]
    public async Task An_import_is_seen_from_the_host_and_the_figures_are_those_of_its_result()
    {
        using var listener = new HostListener();
        var requests = 0;
        var active = 0;
        await using var shell = ConnectedShell.Open(new EmulatorOptions
        {
            RejectRecord = record => record.GetProperty("user_id").GetString() == "key-50",
            FaultPlan = _ =>
            {
                listener.Ask();
                active = Math.Max(active, (int)listener.Of("optimove.load.active_chunks", "optimove.operation", "upload").Last().Value);
                return Interlocked.Increment(ref requests) switch
                {
                    2 => new Fault { StatusCode = 503 },
                    4 => new Fault { StatusCode = 429, Headers = new Dictionary<string, string> { ["Retry-After"] = "0" } },
                    _ => null,
                };
            },
        });
        using var folder = new TemporaryFolder();
        shell.Shell.Set("csv", folder.Write("customers.csv", "user_id,secret\n" + string.Concat(Enumerable.Range(0, 100).Select(n => $"{(n == 7 ? "" : $"key-{(n % 10 == 9 ? n - 1 : n)}")},{Secret}\n"))));

        var run = shell.Run("Import-OptimoveData -Path $csv -DataConnectionId $id -KeyProperty user_id -BatchSize 10 -ErrorAction SilentlyContinue");
        var result = run.Objects<LoadResult>().Single();

        Assert.True(result.Completed);
        Assert.True(result is { Sent: > 0, Rejected: 2, Skipped: > 0, Retries: 1, Throttled: 1 });
        Assert.Equal(result.Requests, listener.Sum("optimove.client.requests"));
        Assert.Equal(result.Requests, listener.Of("optimove.client.request.duration").Count());
        Assert.All(listener.Of("optimove.client.request.duration"), measured => Assert.InRange(measured.Value, 0, result.Duration.TotalSeconds));
        Assert.Equal(result.Throttled, listener.Sum("optimove.client.requests", "http.response.status_code", 429));
        Assert.Equal(1, listener.Sum("optimove.client.requests", "error.type", "503"));
        Assert.Equal(result.Retries, listener.Sum("optimove.client.retries", "error.type", "503"));
        Assert.Equal(result.Waited.TotalSeconds, listener.Sum("optimove.client.gate.wait"), 3);
        Assert.Equal(
            [result.Sent, result.Rejected, result.Skipped, result.Unknown, result.NotSent],
            new[] { "sent", "rejected", "skipped", "unknown", "not_sent" }.Select(outcome => (long)listener.Sum("optimove.load.records", "optimove.record.outcome", outcome)));
        Assert.InRange(active, 1, 4);
        listener.All.Clear();
        listener.Ask();
        Assert.Equal(0, listener.Sum("optimove.load.active_chunks"));
    }

    [Fact]
    public async Task A_load_is_a_span_with_its_requests_below_it_and_nothing_private_is_in_a_tag()
    {
        using var listener = new HostListener();
        await using var shell = ConnectedShell.Open(new EmulatorOptions { RejectRecord = record => record.GetProperty("user_id").GetString() == "key-50" });
        shell.Shell.Set("rows", Enumerable.Range(0, 60).Select(n => new { user_id = $"key-{n}", secret = Secret }).ToArray());

        // The script's own span stays the current one.
        var run = shell.Run("""
            $mine = [System.Diagnostics.Activity]::new('script').Start()
            $rows | Import-OptimoveData -DataConnectionId $id -KeyProperty user_id -BatchSize 20 -ErrorAction SilentlyContinue
            [System.Diagnostics.Activity]::Current.OperationName
            $mine.SpanId.ToString()
            $mine.Stop()
            """);
        var result = run.Objects<LoadResult>().Single();
        var load = Assert.Single(listener.Spans, span => span.Kind == ActivityKind.Internal);
        var requests = listener.Spans.Where(span => span.Kind == ActivityKind.Client).ToList();

        Assert.Equal(["script", load.ParentSpanId.ToString()], run.Objects<string>());
        Assert.Equal("upload", load.DisplayName);
        Assert.Equal([59L, 1L, true], [load.GetTagItem("optimove.records.sent"), load.GetTagItem("optimove.records.rejected"), load.GetTagItem("optimove.batch.completed")]);
        Assert.Equal(result.BatchId.ToString(), load.GetTagItem("optimove.batch.id"));
        Assert.Equal(result.Requests, requests.Count);
        Assert.All(requests, request => Assert.Equal(load.SpanId, request.ParentSpanId));
        Assert.All(requests, request => Assert.Equal("POST connections/{id}/upload_data", request.DisplayName));
        Assert.All(requests, request => Assert.Equal(shell.Server.BaseAddress.Port, request.GetTagItem("server.port")));
        Assert.Contains(requests, request => request.Status == ActivityStatusCode.Error && Equals(request.GetTagItem("http.response.status_code"), 400));

        var told = listener.Spans.SelectMany(span => span.TagObjects).Concat(listener.All.SelectMany(measured => measured.Tags)).Select(tag => $"{tag.Value}").ToList();
        Assert.NotEmpty(told);
        Assert.All(
            new[] { "key-", Secret, shell.Brand.ApiKey, shell.Brand.BrandKey.ToString() },
            secret => Assert.DoesNotContain(told, text => text.Contains(secret, StringComparison.OrdinalIgnoreCase)));
        Assert.All(listener.Spans, span => Assert.Null(span.StatusDescription));
    }

    [Fact]
    public async Task A_load_that_is_stopped_says_so_in_one_word()
    {
        using var listener = new HostListener();
        await using var shell = ConnectedShell.Open(new EmulatorOptions { FaultPlan = _ => new Fault { StatusCode = 401 } });
        shell.Run("@{ user_id = 1 } | Import-OptimoveData -DataConnectionId $id -KeyProperty user_id -BatchId $id -ShardIndex 0 -ShardCount 1");

        var load = Assert.Single(listener.Spans, span => span.Kind == ActivityKind.Internal);
        Assert.Equal((ActivityStatusCode.Error, "AuthenticationFailed"), (load.Status, load.GetTagItem("error.type")));
        Assert.Equal([0, 1], [load.GetTagItem("optimove.shard.index"), load.GetTagItem("optimove.shard.count")]);
    }

    [Fact]
    public async Task Instruments_have_the_names_kinds_and_units_that_the_document_says()
    {
        using var listener = new HostListener();
        await using var shell = ConnectedShell.Open();
        shell.Run("@{ user_id = 1 } | Import-OptimoveData -DataConnectionId $id -KeyProperty user_id").EnsureSucceeded();
        var document = File.ReadAllText(Path.Combine(PackagedModule.RepositoryRoot, "docs", "observability.md"));

        Assert.Equal(6, listener.Instruments.Count);
        Assert.All(listener.Instruments.Values, instrument => Assert.Contains($"| `{instrument.Name}` | {KindOf(instrument)}, `{instrument.Unit}` |", document, StringComparison.Ordinal));
        Assert.All(
            listener.All.SelectMany(measured => measured.Tags.Keys).Concat(listener.Spans.SelectMany(span => span.TagObjects).Select(tag => tag.Key)).Distinct(),
            tag => Assert.Matches("`" + (tag.StartsWith("optimove.records.", StringComparison.Ordinal) ? $"(optimove\\.records)?\\{tag[16..]}" : System.Text.RegularExpressions.Regex.Escape(tag)) + "`", document));
    }

    [Fact]
    public async Task A_listener_that_fails_costs_no_record_its_account()
    {
        using var meters = new MeterListener();
        meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "OptimoveDC")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        meters.SetMeasurementEventCallback<long>((_, _, _, _) => throw new InvalidOperationException("listener"));
        meters.SetMeasurementEventCallback<double>((_, _, _, _) => throw new InvalidOperationException("listener"));
        meters.Start();
        using var activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "OptimoveDC",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = _ => throw new InvalidOperationException("listener"),
            ActivityStopped = _ => throw new InvalidOperationException("listener"),
        };
        ActivitySource.AddActivityListener(activities);
        await using var shell = ConnectedShell.Open();

        var result = shell.Run("1..50 | ForEach-Object { @{ user_id = $_ } } | Import-OptimoveData -DataConnectionId $id -KeyProperty user_id -BatchSize 10").Only<LoadResult>();

        Assert.Equal((50L, true), (result.Sent, result.Completed));
        Assert.Null(Activity.Current);
    }

    // A copy in the module's own context would be one that nobody listens to.
    [Fact]
    public void The_module_tells_the_hosts_own_copy_of_the_diagnostics() =>
        Assert.Same(
            typeof(Meter).Assembly,
            AssemblyLoadContext.GetLoadContext(ModuleLoader.LoadCmdlets())!.LoadFromAssemblyName(new AssemblyName("System.Diagnostics.DiagnosticSource")));

    [Fact]
    public async Task What_dotnet_counters_asks_for_is_there()
    {
        await using var shell = ConnectedShell.Open();
        const string Import = "@{ user_id = 1 } | Import-OptimoveData -DataConnectionId $id -KeyProperty user_id";
        using var counters = new MetricEvents();
        shell.Run(Import).EnsureSucceeded();

        await counters.WaitForAsync("CounterRateValuePublished", "optimove.client.requests");
        await counters.WaitForAsync("HistogramValuePublished", "optimove.client.request.duration");
        await counters.WaitForAsync("UpDownCounterRateValuePublished", "optimove.load.active_chunks");
    }

    private static string KindOf(Instrument instrument) => instrument.GetType().Name switch
    {
        "Counter`1" => "counter",
        "Histogram`1" => "histogram",
        "ObservableUpDownCounter`1" => "up-down counter",
        var other => other,
    };
}
