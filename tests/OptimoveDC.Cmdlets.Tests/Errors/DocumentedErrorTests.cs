using System.Management.Automation;
using System.Net;
using System.Net.Sockets;
using OptimoveDC.Cmdlets.Tests.Hosting;
using OptimoveDC.Emulator;

namespace OptimoveDC.Cmdlets.Tests.Errors;

/// <summary>Each documented error reaches the user with its id, category, the service's own words and what to do.</summary>
public sealed class DocumentedErrorTests
{
    public static TheoryData<int, string, ErrorCategory> Statuses() => new()
    {
        { 401, "Optimove.AuthenticationFailed", ErrorCategory.AuthenticationError },
        { 403, "Optimove.AccessDenied", ErrorCategory.PermissionDenied },
        { 404, "Optimove.ConnectionNotFound", ErrorCategory.ObjectNotFound },
        { 413, "Optimove.RequestTooLarge", ErrorCategory.LimitsExceeded },
        { 400, "Optimove.RequestInvalid", ErrorCategory.InvalidData },
        { 422, "Optimove.RequestInvalid", ErrorCategory.InvalidData },
        { 429, "Optimove.RateLimitExceeded", ErrorCategory.LimitsExceeded },
        { 302, "Optimove.UnexpectedResponse", ErrorCategory.ProtocolError },
    };

    [Theory]
    [MemberData(nameof(Statuses))]
    public async Task A_status_becomes_an_error_with_the_services_words_and_advice(int status, string id, ErrorCategory category)
    {
        var fault = new Fault
        {
            StatusCode = status,
            Body = """{"error":{"code":"E7","message":"the words of the service"}}""",
            Headers = new Dictionary<string, string> { ["Retry-After"] = "86400" },
        };
        await using var shell = ConnectedShell.Open(new EmulatorOptions { FaultPlan = _ => fault });

        foreach (var script in new[]
        {
            "Import-OptimoveData -DataConnectionId $id -KeyProperty user_id -InputObject @{ user_id = 1 } -MaxThrottleWait 1",
            "Set-OptimoveRecord -DataConnectionId $id -PrimaryKey 1 -Data @{ a = 1 } -MaxThrottleWait 1",
            "Remove-OptimoveRecord -DataConnectionId $id -PrimaryKey 1 -Confirm:$false -MaxThrottleWait 1",
        })
        {
            var run = shell.Run(script);
            var error = run.Errors.Count > 0 ? run.Errors[0] : run.LastError;

            Assert.Equal(id, error.FullyQualifiedErrorId.Split(',')[0]);
            Assert.Equal(category, error.CategoryInfo.Category);
            Assert.Contains("the words of the service", error.ToString(), StringComparison.Ordinal);
            Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
            Assert.NotNull(error.TargetObject);
        }
    }

    [Fact]
    public async Task A_wrong_key_is_401_with_the_guides_advice_and_the_result_so_far_as_target()
    {
        await using var shell = ConnectedShell.Open();
        shell.Shell.Set("wrong", new PSCredential(shell.Brand.BrandKey.ToString(), ConnectedShell.Secret("wrong-key")));

        var run = shell.Run("Connect-Optimove -Uri $uri -Credential $wrong; 1..3 | Remove-OptimoveRecord -DataConnectionId $id -Confirm:$false");

        Assert.Equal("Optimove.AuthenticationFailed", run.Error.FullyQualifiedErrorId.Split(',')[0]);
        Assert.Contains("Opti-X UI", run.Error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        var result = Assert.IsType<LoadResult>(PSObject.AsPSObject(run.Error.TargetObject).BaseObject);
        Assert.Equal((3L, 3L), (result.Read, result.NotSent));
    }

    [Fact]
    public async Task Another_brands_connection_is_403_and_an_unknown_one_404()
    {
        await using var shell = ConnectedShell.Open();
        var stranger = shell.Server.Service.AddConnection(shell.Server.Service.AddBrand(), "others", "user_id");
        shell.Shell.Set("stranger", stranger.Id);

        Assert.Equal("Optimove.AccessDenied", IdOf(shell.Run("Set-OptimoveRecord -DataConnectionId $stranger -PrimaryKey 1 -Data @{}")));
        Assert.Equal("Optimove.ConnectionNotFound", IdOf(shell.Run("Set-OptimoveRecord -DataConnectionId ([guid]::NewGuid()) -PrimaryKey 1 -Data @{}")));
    }

    [Fact]
    public async Task An_unknown_primary_key_is_a_400_for_its_record_alone_with_its_key_in_the_target()
    {
        await using var shell = ConnectedShell.Open();
        shell.Run("$null = @{ user_id = 'a' }, @{ user_id = 'b' } | Import-OptimoveData -DataConnectionId $id -KeyProperty user_id").EnsureSucceeded();

        var run = shell.Run("$rows = @{ user_id = 'a'; v = 1 }, @{ user_id = 'nobody' }, @{ user_id = 'b'; v = 1 }; $rows | Set-OptimoveRecord -DataConnectionId $id -KeyProperty user_id");

        Assert.Null(run.TerminatingError);
        Assert.Equal("Optimove.RequestInvalid", IdOf(run));
        Assert.Contains("typos", run.Error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        var target = Assert.IsType<RejectedRecord>(run.Error.TargetObject);
        Assert.Equal((2L, "\"nobody\"", 400), (target.Line, target.PrimaryKey, target.StatusCode));
        Assert.All(shell.Connection.Records, record => Assert.Contains("\"v\":1", record.Json, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_service_that_cannot_be_reached_is_a_connection_error()
    {
        await using var shell = ConnectedShell.Open();

        // A port that somebody has and nobody listens at; a free one might be taken meanwhile.
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        shell.Run($"Connect-Optimove -Uri http://{taken.LocalEndPoint} -Credential $credential").EnsureSucceeded();

        var run = shell.Run("New-OptimoveDataConnection -Name x -PrimaryKey y");

        Assert.Equal(("Optimove.NetworkError", ErrorCategory.ConnectionError), (IdOf(run), run.Error.CategoryInfo.Category));
    }

    [Fact]
    public async Task Without_a_session_every_cmdlet_that_needs_one_says_how_to_open_it()
    {
        await using var shell = ShellSession.Open();

        foreach (var script in new[]
        {
            "New-OptimoveDataConnection -Name x -PrimaryKey y",
            "@{ a = 1 } | Import-OptimoveData -DataConnectionId ([guid]::NewGuid()) -KeyProperty a",
            "Set-OptimoveRecord -PrimaryKey 1 -Data @{}",
            "Remove-OptimoveRecord -PrimaryKey 1 -Confirm:$false",
        })
        {
            var error = shell.Run(script).LastError;
            Assert.Equal("Optimove.NotConnected", error.FullyQualifiedErrorId.Split(',')[0]);
            Assert.Contains("Connect-Optimove", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Import-OptimoveData -Path nowhere.csv -DataConnectionId $id -KeyProperty a", "Optimove.SourceUnreadable", "nowhere.csv")]
    [InlineData("Import-OptimoveData -Path $empty -DataConnectionId $id -KeyProperty a", "Optimove.SourceUnreadable", "empty.csv")]
    [InlineData("@{ a = 1 } | Import-OptimoveData -DataConnectionId $id", "Optimove.ArgumentInvalid", "-KeyProperty")]
    [InlineData("@{ a = 1 } | Import-OptimoveData -KeyProperty a", "Optimove.ArgumentInvalid", "-DataConnectionId")]
    [InlineData("@{ a = 1 } | Import-OptimoveData -DataConnectionId $id -KeyProperty a -ColumnType @{ a = 'Date' }", "Optimove.ArgumentInvalid", "Date")]
    [InlineData("Connect-Optimove -Uri http://example.com", "Optimove.ArgumentInvalid", "https")]
    [InlineData("Connect-Optimove -Credential $nobrand", "Optimove.ArgumentInvalid", "UUID")]
    public async Task An_argument_or_a_source_that_cannot_be_used_ends_the_command_and_says_why(string script, string id, string reason)
    {
        await using var shell = ConnectedShell.Open();
        using var folder = new TemporaryFolder();
        shell.Shell.Set("empty", folder.Write("empty.csv", "")).Set("nobrand", new PSCredential("loyalty", ConnectedShell.Secret("key")));

        var run = shell.Run($"try {{ {script}; 'went on' }} catch {{ $_ }}");
        var error = Assert.Single(run.Objects<ErrorRecord>());

        Assert.DoesNotContain(run.Output, item => Equals(item.BaseObject, "went on"));
        Assert.Equal(id, error.FullyQualifiedErrorId.Split(',')[0]);
        Assert.Contains(reason, error.ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
        Assert.Equal(0, shell.Server.Service.RequestCount);
    }

    [Fact]
    public async Task An_import_that_breaks_off_names_the_batch_that_is_left_open()
    {
        var requests = 0;
        await using var shell = ConnectedShell.Open(new EmulatorOptions { FaultPlan = _ => ++requests > 1 ? new Fault { StatusCode = 401 } : null });

        var run = shell.Run("1..30 | ForEach-Object { @{ user_id = $_ } } | Import-OptimoveData -DataConnectionId $id -KeyProperty user_id -BatchSize 10 -ThrottleLimit 1");

        var result = Assert.Single(run.Objects<LoadResult>());
        Assert.Equal((30L, 10L, 20L, false), (result.Read, result.Sent, result.NotSent, result.Completed));
        Assert.Contains(result.BatchId!.Value.ToString(), run.LastError.ToString(), StringComparison.Ordinal);
    }

    private static string IdOf(ShellRun run) => run.Error.FullyQualifiedErrorId.Split(',')[0];
}
