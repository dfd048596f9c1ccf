using OptimoveDC.Cmdlets.Tests.Hosting;
using OptimoveDC.Emulator;

namespace OptimoveDC.Cmdlets.Tests.Writing;

/// <summary>What Set-OptimoveRecord takes for a key, for data and for a time-to-live.</summary>
public sealed class SetBindingTests
{
    private const string Set = "Set-OptimoveRecord -DataConnectionId $id ";

    [Fact]
    public async Task The_guides_example_goes_over_the_wire_as_the_guide_has_it()
    {
        await using var shell = ConnectedShell.Open(Lenient);

        shell.Run(Set + "-PrimaryKey 54490 -Data @{ key = 'value' }").EnsureSucceeded();

        JsonAssert.Equal("""[{"primary_key":54490,"data":{"key":"value"},"ttl":null}]""", Assert.Single(shell.Bodies));
        var request = Assert.Single(shell.Server.Service.Requests);
        Assert.Equal(("PUT", $"/api/data-connections/v1/connections/{shell.Connection.Id}/update_data"), (request.Method, request.Path));
    }

    [Fact]
    public async Task With_KeyProperty_every_column_is_data_the_key_included_and_a_ttl_column_is_nothing_else()
    {
        await using var shell = ConnectedShell.Open(Lenient);
        var rows = ConnectedShell.CsvRows([("user_id", "007"), ("ttl", "5"), ("data_connection_uuid", "x"), ("primary_key", "y"), ("data", "z")]);

        shell.Pipe(rows, Set + "-KeyProperty user_id").EnsureSucceeded();

        JsonAssert.Equal(
            """[{"primary_key":"007","data":{"user_id":"007","ttl":"5","data_connection_uuid":"x","primary_key":"y","data":"z"},"ttl":null}]""",
            Assert.Single(shell.Bodies));
    }

    [Theory]
    [InlineData("[pscustomobject]@{ primary_key = '7'; data = @{ a = 1 }; ttl = 60 }", "60")]
    [InlineData("@{ primary_key = '7'; data = [pscustomobject]@{ a = 1 } }", "null")]
    [InlineData("@{ PrimaryKey = '7'; Data = @{ a = 1 }; ttl = [timespan]'00:01:00' }", "60")]
    public async Task Without_KeyProperty_an_object_has_the_shape_of_the_API(string input, string ttl)
    {
        await using var shell = ConnectedShell.Open(Lenient);

        shell.Run(input + " | " + Set).EnsureSucceeded();

        JsonAssert.Equal($$"""[{"primary_key":"7","data":{"a":1},"ttl":{{ttl}}}]""", Assert.Single(shell.Bodies));
    }

    [Fact]
    public async Task The_ttl_of_a_row_comes_from_TimeToLiveProperty_alone_and_is_not_data_then()
    {
        await using var shell = ConnectedShell.Open(Lenient);
        var rows = ConnectedShell.CsvRows([("user_id", "a"), ("expires_in", "60")], [("user_id", "b"), ("expires_in", "")]);

        shell.Pipe(rows, Set + "-KeyProperty user_id -TimeToLiveProperty expires_in -TimeToLive 3600").EnsureSucceeded();

        JsonAssert.Equal(
            """[{"primary_key":"a","data":{"user_id":"a"},"ttl":60},{"primary_key":"b","data":{"user_id":"b"},"ttl":3600}]""",
            Assert.Single(shell.Bodies));
    }

    [Theory]
    [InlineData("[pscustomobject]@{ data = @{} }", "primary_key")]
    [InlineData("[pscustomobject]@{ primary_key = 1 }", "data")]
    [InlineData("[pscustomobject]@{ primary_key = 1; data = 'text' }", "not an object")]
    [InlineData("[pscustomobject]@{ primary_key = 1; data = @{}; ttl = 0 }", "0")]
    [InlineData("[pscustomobject]@{ primary_key = 1; data = @{}; ttl = -5 }", "negative")]
    [InlineData("[pscustomobject]@{ primary_key = $true; data = @{} }", "text or a number")]
    [InlineData("[pscustomobject]@{ primary_key = $null; data = @{} }", "null")]
    [InlineData("'7'", "-PrimaryKey")]
    public async Task An_object_of_another_shape_is_rejected_with_the_reason_and_its_position(string input, string reason)
    {
        await using var shell = ConnectedShell.Open(Lenient);

        var run = shell.Run($"$one = {input}; $one, @{{ primary_key = 'good'; data = @{{ a = 1 }} }} | " + Set + "-PassThru");

        Assert.Contains(reason, run.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal("Optimove.RecordInvalid", run.Error.FullyQualifiedErrorId.Split(',')[0]);
        Assert.Equal(("pipeline", 1L, false), Assert.IsType<RejectedRecord>(run.Error.TargetObject) is var target ? (target.Source, target.Line, target.IsLine) : default);
        var result = Assert.Single(run.Objects<LoadResult>());
        Assert.Equal((2L, 1L, 1L), (result.Read, result.Sent, result.Rejected));
    }

    [Fact]
    public async Task The_same_key_is_the_same_JSON_from_a_CSV_from_an_argument_and_from_Remove()
    {
        await using var shell = ConnectedShell.Open(new EmulatorOptions());
        using var folder = new TemporaryFolder();
        shell.Shell.Set("csv", folder.Write("customers.csv", "user_id,city\n007,Köln\n"));

        shell.Run("$null = Import-OptimoveData -Path $csv -DataConnectionId $id -KeyProperty user_id").EnsureSucceeded();
        shell.Run(Set + "-PrimaryKey '007' -Data @{ user_id = '007'; city = 'Bonn' }").EnsureSucceeded();
        JsonAssert.Equal("""{"user_id":"007","city":"Bonn"}""", Assert.Single(shell.Connection.Records).Json);
        shell.Run("Remove-OptimoveRecord -DataConnectionId $id -PrimaryKey '007' -Confirm:$false").EnsureSucceeded();

        Assert.Empty(shell.Connection.Records);
        Assert.All(shell.Bodies, body => Assert.Contains("\"007\"", body, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("String", "\"54490\"")]
    [InlineData("Number", "54490")]
    public async Task KeyType_makes_all_keys_of_one_type_in_upload_update_and_delete(string type, string json)
    {
        await using var shell = ConnectedShell.Open(new EmulatorOptions(), $"-KeyType {type} -DataConnectionId $id");

        shell.Run("""
            $null = [pscustomobject]@{ user_id = 54490 } | Import-OptimoveData -KeyProperty user_id
            [pscustomobject]@{ user_id = '54490' } | Set-OptimoveRecord -KeyProperty user_id
            Remove-OptimoveRecord -PrimaryKey 54490 -Confirm:$false
            """).EnsureSucceeded();

        Assert.Equal(3, shell.Bodies.Count);
        Assert.Contains($$"""{"user_id":{{json}}}""", shell.Bodies[0], StringComparison.Ordinal);
        JsonAssert.Equal($$"""[{"primary_key":{{json}},"data":{"user_id":{{json}}},"ttl":null}]""", shell.Bodies[1]);
        JsonAssert.Equal($$"""{"primary_keys":[{{json}}]}""", shell.Bodies[2]);
    }

    [Fact]
    public async Task Set_and_Remove_print_nothing_unless_PassThru()
    {
        await using var shell = ConnectedShell.Open(Lenient);

        Assert.Empty(shell.Run(Set + "-PrimaryKey 1 -Data @{ a = 1 }").EnsureSucceeded().Output);
        Assert.Empty(shell.Run("Remove-OptimoveRecord -DataConnectionId $id -PrimaryKey 1 -Confirm:$false").EnsureSucceeded().Output);
        Assert.Equal(1, shell.Run(Set + "-PrimaryKey 1 -Data @{ a = 1 } -PassThru").Only<LoadResult>().Sent);
    }

    private static EmulatorOptions Lenient => new() { AbsentUpdate = AbsentUpdate.Insert, AbsentDelete = AbsentDelete.ShortCount };
}
