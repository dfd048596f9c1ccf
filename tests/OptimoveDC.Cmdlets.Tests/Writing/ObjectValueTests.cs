using OptimoveDC.Cmdlets.Tests.Hosting;

namespace OptimoveDC.Cmdlets.Tests.Writing;

/// <summary>Objects of the shell as JSON.</summary>
public sealed class ObjectValueTests
{
    [Theory]
    [InlineData("$null", "null")]
    [InlineData("[DBNull]::Value", "null")]
    [InlineData("$true", "true")]
    [InlineData("1.50d", "1.50")]
    [InlineData("1.5", "1.5")]
    [InlineData("[single]0.1", "0.1")]
    [InlineData("[bigint]::Parse('123456789012345678901234567890')", "123456789012345678901234567890")]
    [InlineData("[byte]7", "7")]
    [InlineData("[char]'x'", "\"x\"")]
    [InlineData("'007'", "\"007\"")]
    [InlineData("[datetime]::new(2026,1,2,3,4,5,[DateTimeKind]::Utc)", "\"2026-01-02T03:04:05Z\"")]
    [InlineData("[datetime]::new(2026,1,2,3,4,5)", "\"2026-01-02T03:04:05\"")]
    [InlineData("[datetimeoffset]::new(2026,1,2,3,4,5,[timespan]'02:00')", "\"2026-01-02T03:04:05+02:00\"")]
    [InlineData("[dateonly]::new(2026,1,2)", "\"2026-01-02\"")]
    [InlineData("[timespan]'1.02:03:04'", "\"1.02:03:04\"")]
    [InlineData("[System.DayOfWeek]::Friday", "\"Friday\"")]
    [InlineData("[guid]'41ddf098-90b4-4a5d-a3d1-0fd8da3bfb89'", "\"41ddf098-90b4-4a5d-a3d1-0fd8da3bfb89\"")]
    [InlineData("[uri]'https://example.com/a'", "\"https://example.com/a\"")]
    [InlineData("[version]'1.2.3'", "\"1.2.3\"")]
    [InlineData("([byte[]](1,2,3))", "\"AQID\"")]
    [InlineData("@(1,'a',$null)", "[1,\"a\",null]")]
    [InlineData("@()", "[]")]
    [InlineData("@{}", "{}")]
    [InlineData("[ordered]@{ a = 1; b = @{ c = @(@{ d = 'e' }) } }", "{\"a\":1,\"b\":{\"c\":[{\"d\":\"e\"}]}}")]
    [InlineData("[pscustomobject]@{ a = [pscustomobject]@{ b = 1 } }", "{\"a\":{\"b\":1}}")]
    [InlineData("[System.Collections.Generic.List[int]](1,2)", "[1,2]")]
    [InlineData("[System.Dynamic.ExpandoObject]::new()", "{}")]
    [InlineData("[System.Collections.Generic.KeyValuePair[string,int]]::new('k',1)", "{\"Key\":\"k\",\"Value\":1}")]
    [InlineData("@{ 1 = 'one' }", "{\"1\":\"one\"}")]
    public async Task A_value_is_sent_as_what_it_is(string value, string json)
    {
        await using var shell = ConnectedShell.Open();

        shell.Run($"[pscustomobject]@{{ user_id = 'k'; v = {value} }} | Import-OptimoveData -DataConnectionId $id -KeyProperty user_id").EnsureSucceeded();

        JsonAssert.Equal($$"""{"user_id":"k","v":{{json}}}""", Assert.Single(shell.Connection.Records).Json);
        Assert.Contains($"\"v\":{json}", shell.Bodies[0].Replace("\\u0022", "\\\"", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[double]::NaN", "number that JSON doesn't have")]
    [InlineData("[double]::PositiveInfinity", "number that JSON doesn't have")]
    [InlineData("(& { $a = @{}; $a.self = $a; $a })", "contains itself")]
    [InlineData("(& { $a = [System.Collections.ArrayList]::new(); $null = $a.Add(@{ x = $a }); ,$a })", "contains itself")]
    [InlineData("[securestring]::new()", "secret")]
    [InlineData("\"a$([char]0xD800)\"", "half a character")]
    [InlineData("(& { $h = @{}; $h[1] = 'a'; $h['1'] = 'b'; $h })", "both '1'")]
    public async Task A_value_that_cannot_be_sent_is_rejected_with_its_place_and_the_others_go(string value, string reason)
    {
        await using var shell = ConnectedShell.Open();

        var run = shell.Run(
            $"[pscustomobject]@{{ user_id = 'k'; v = {value} }}, [pscustomobject]@{{ user_id = 'good' }} | Import-OptimoveData -DataConnectionId $id -KeyProperty user_id");

        Assert.Contains(reason, run.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains(" 'v", run.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal("""{"user_id":"good"}""", Assert.Single(shell.Connection.Records).Json);
    }

    [Fact]
    public async Task Nesting_goes_deeper_than_anybody_nests()
    {
        await using var shell = ConnectedShell.Open();

        shell.Run("$o = 'deep'; foreach ($n in 1..40) { $o = @{ n = $o } }; @{ user_id = 1; v = $o } | Import-OptimoveData -DataConnectionId $id -KeyProperty user_id").EnsureSucceeded();

        Assert.Contains(string.Concat(Enumerable.Repeat("{\"n\":", 40)) + "\"deep\"", shell.Bodies[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_NET_object_is_sent_with_its_properties_and_without_what_the_shell_adds()
    {
        await using var shell = ConnectedShell.Open();
        shell.Shell.Set("customer", new Customer { UserId = "7", City = "Köln", Visits = [1, 2] });

        shell.Run("$customer | Import-OptimoveData -DataConnectionId $id -KeyProperty UserId -WarningAction Stop");

        Assert.Contains("""{"UserId":"7","City":"Köln","Visits":[1,2]}""", shell.Bodies[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_property_that_cannot_be_read_rejects_its_record_by_name()
    {
        await using var shell = ConnectedShell.Open();
        shell.Shell.Set("broken", new BrokenCustomer());

        var run = shell.Run("$broken, @{ UserId = 'good'; user_id = 'good' } | Import-OptimoveData -DataConnectionId $id -KeyProperty UserId");

        Assert.Contains("'City' can't be read", run.Error.ToString(), StringComparison.Ordinal);
    }

    public sealed class Customer
    {
        public string UserId { get; init; } = "";

        public string City { get; init; } = "";

        public IReadOnlyList<int> Visits { get; init; } = [];
    }

    public sealed class BrokenCustomer
    {
        public string UserId { get; } = "7";

        public string City => throw new InvalidOperationException(UserId);
    }
}
