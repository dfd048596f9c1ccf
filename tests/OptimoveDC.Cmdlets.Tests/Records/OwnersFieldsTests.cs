using OptimoveDC.Cmdlets.Tests.Documents;
using OptimoveDC.Cmdlets.Tests.Hosting;
using OptimoveDC.Emulator;

namespace OptimoveDC.Cmdlets.Tests.Records;

/// <summary>The fields of an object are what its owner gave it: no more, and above all no less.</summary>
[Collection(Alone.Name)]
public sealed class OwnersFieldsTests
{
    private const string Import = " | Import-OptimoveData -DataConnectionId $id -KeyProperty user_id ";
    private const string PublicList = "OptimoveDC.UsePublicMembers";

    [Theory]
    [InlineData("[pscustomobject]@{ user_id = 1; n = 'a' }", """{"user_id":1,"n":"a"}""")]
    [InlineData("[pscustomobject]@{ user_id = 1 } | Add-Member ScriptProperty n { $this.user_id + 1 } -PassThru", """{"user_id":1,"n":2}""")]
    [InlineData("[pscustomobject]@{ user_id = 1 } | Add-Member AliasProperty n user_id -PassThru", """{"user_id":1,"n":1}""")]
    [InlineData("[pscustomobject]@{ user_id = 1 } | Add-Member ScriptMethod n { 1 } -PassThru", """{"user_id":1}""")]
    [InlineData("$o = [pscustomobject]@{ user_id = 1 }; $null = @($o.psobject.Properties); $null = $o.pstypenames; $o", """{"user_id":1}""")]
    [InlineData("[pscustomobject]@{ user_id = 1; nested = [pscustomobject]@{ a = [pscustomobject]@{ b = @() } } }", """{"user_id":1,"nested":{"a":{"b":[]}}}""")]
    public async Task Members_are_read_alike_from_the_engines_own_list_and_from_the_public_one(string made, string json)
    {
        await using var shell = ConnectedShell.Open();
        foreach (var isPublic in new[] { false, true })
        {
            AppContext.SetSwitch(PublicList, isPublic);
            try
            {
                shell.Run($"& {{ {made} }} {Import}").EnsureSucceeded();
            }
            finally
            {
                AppContext.SetSwitch(PublicList, false);
            }

            Assert.Equal(json, Assert.Single(shell.Connection.Records).Json);
            shell.Run("Remove-OptimoveRecord -DataConnectionId $id -PrimaryKey 1 -Confirm:$false").EnsureSucceeded();
        }
    }

    [Fact]
    public async Task What_Update_TypeData_gives_to_a_type_name_is_a_field_of_its_objects_alone_and_for_as_long_as_it_does()
    {
        await using var shell = ConnectedShell.Open();

        shell.Run($$"""
            & {
                [pscustomobject]@{ user_id = 1; first = 'a' }
                Update-TypeData -TypeName My.Customer -MemberType ScriptProperty -MemberName full -Value { "$($this.first)!" }
                [pscustomobject]@{ PSTypeName = 'My.Customer'; user_id = 2; first = 'b' }
                [pscustomobject]@{ user_id = 3; first = 'c' }
                Update-TypeData -TypeName My.Customer -MemberType NoteProperty -MemberName segment -Value 'x'
                $late = [pscustomobject]@{ user_id = 4; first = 'd' }; $late.pstypenames.Insert(0, 'My.Customer'); $late
                Update-TypeData -TypeName System.Management.Automation.PSCustomObject -MemberType AliasProperty -MemberName same -Value first
                [pscustomobject]@{ user_id = 5; first = 'e' }
                Remove-TypeData -TypeName System.Management.Automation.PSCustomObject
                Remove-TypeData -TypeName My.Customer
                [pscustomobject]@{ PSTypeName = 'My.Customer'; user_id = 6; first = 'f' }
            } {{Import}}
            """).EnsureSucceeded();

        Assert.Equal(
            [
                """{"user_id":1,"first":"a"}""",
                """{"user_id":2,"first":"b","full":"b!"}""",
                """{"user_id":3,"first":"c"}""",
                """{"user_id":4,"first":"d","full":"d!","segment":"x"}""",
                """{"user_id":5,"first":"e","same":"e"}""",
                """{"user_id":6,"first":"f"}""",
            ],
            Sorted(shell).Select(json => json.Replace("\"segment\":\"x\",\"full\":\"d!\"", "\"full\":\"d!\",\"segment\":\"x\"", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Many_properties_of_type_data_and_those_of_a_modules_type_file_are_fields_too()
    {
        await using var shell = ConnectedShell.Open();
        using var folder = new TemporaryFolder();
        shell.Shell.Set("types", folder.Write("My.types.ps1xml", "<Types><Type><Name>My.Order</Name><Members><ScriptProperty><Name>twice</Name><GetScriptBlock>$this.n * 2</GetScriptBlock></ScriptProperty></Members></Type></Types>"));

        shell.Run($$"""
            Update-TypeData -AppendPath $types
            [pscustomobject]@{ PSTypeName = 'My.Order'; user_id = 1; n = 2 }, [pscustomobject]@{ user_id = 2; n = 2 } {{Import}}
            foreach ($n in 1..30) { Update-TypeData -TypeName My.Wide -MemberType NoteProperty -MemberName "p$n" -Value $n }
            [pscustomobject]@{ PSTypeName = 'My.Wide'; user_id = 3 }, [pscustomobject]@{ user_id = 4; n = 2 } {{Import}}
            """).EnsureSucceeded();

        var sent = Sorted(shell);
        Assert.Equal("""{"user_id":1,"n":2,"twice":4}""", sent[0]);
        Assert.Equal("""{"user_id":2,"n":2}""", sent[1]);
        Assert.All(Enumerable.Range(1, 30), n => Assert.Contains($"\"p{n}\":{n}", sent[2], StringComparison.Ordinal));
        Assert.Equal("""{"user_id":4,"n":2}""", sent[3]);
    }

    [Fact]
    public async Task What_type_data_adds_to_NET_types_is_no_field()
    {
        await using var shell = ConnectedShell.Open();

        shell.Run($$"""
            class Shop { [int] $user_id = 1; hidden [string] $inner = 'x'; static [int] $All = 5 }
            Update-TypeData -TypeName Shop -MemberType NoteProperty -MemberName added -Value 1 -Force
            [Shop]::new() {{Import}}
            [pscustomobject]@{ user_id = 2; list = @(1); when = [datetime]::new(2026, 1, 2); table = @{ a = 1 } } {{Import}}
            """).EnsureSucceeded();

        Assert.Equal(["""{"user_id":1}""", """{"user_id":2,"list":[1],"when":"2026-01-02T00:00:00","table":{"a":1}}"""], Sorted(shell));
    }

    [Fact]
    public async Task Notes_on_NET_objects_dictionaries_and_rows_are_fields()
    {
        await using var shell = ConnectedShell.Open();

        shell.Run($$"""
            class Shop { [int] $user_id = 1 }
            [Shop]::new() | Add-Member note n -PassThru {{Import}}
            @{ user_id = 2 } | Add-Member note n -PassThru {{Import}}
            $t = [System.Data.DataTable]::new(); [void]$t.Columns.Add('user_id', [int]); [void]$t.Rows.Add(3); [void]$t.Rows.Add(4)
            $t.Rows | Add-Member note n -PassThru {{Import}}
            """).EnsureSucceeded();

        Assert.Equal([.. Enumerable.Range(1, 4).Select(n => $$"""{"user_id":{{n}},"note":"n"}""")], Sorted(shell));
    }

    [Theory]
    [InlineData("class Customer { [int] $user_id = 1; [string] $city = 'Oslo'; [decimal] $sum = 1.5 }; [Customer]::new()", """{"user_id":1,"city":"Oslo","sum":1.5}""")]
    [InlineData("class Customer { [int] $user_id = 1 }; [Customer]::new() | Add-Member note x -PassThru", """{"note":"x","user_id":1}""")]
    [InlineData("[pscustomobject]@{ user_id = 1; inner = [pscustomobject]@{ a = @(1, $null) } }", """{"user_id":1,"inner":{"a":[1,null]}}""")]
    [InlineData("[ordered]@{ user_id = 1; inner = @{ a = 1 } }", """{"user_id":1,"inner":{"a":1}}""")]
    [InlineData("[pscustomobject]@{ user_id = 1; mail = [System.Net.Mail.MailAddress]'a@b.c' }", """{"user_id":1,"mail":{"DisplayName":"","User":"a","Host":"b.c","Address":"a@b.c"}}""")]
    public async Task A_deserialized_object_has_all_it_had(string made, string json)
    {
        await using var shell = ConnectedShell.Open(new EmulatorOptions { AbsentUpdate = AbsentUpdate.Insert });
        const string Through = "[System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($o, 5))";

        shell.Run($"{made.Replace("; [Customer]::new()", "; $o = [Customer]::new()", StringComparison.Ordinal).Replace("[pscustomobject]@{ user_id", "$o = [pscustomobject]@{ user_id", StringComparison.Ordinal).Replace("[ordered]@{ user_id", "$o = [ordered]@{ user_id", StringComparison.Ordinal)}; $d = {Through}; $d {Import}").EnsureSucceeded();
        Assert.Equal(json, Assert.Single(shell.Connection.Records).Json);

        shell.Run("Set-OptimoveRecord -DataConnectionId $id -PrimaryKey 1 -Data $d").EnsureSucceeded();
        Assert.Equal(json, Assert.Single(shell.Connection.Records).Json);
    }

    [Fact]
    public async Task What_jobs_and_remoting_add_is_no_field_unless_it_is_named_and_a_column_of_that_name_is_one()
    {
        await using var shell = ConnectedShell.Open();

        shell.Run($$"""
            function Receive($o) {
                $d = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($o))
                foreach ($name in 'PSComputerName', 'PSShowComputerName') { $d | Add-Member $name 'server' -Force }
                foreach ($name in 'RunspaceId', 'PSSourceJobInstanceId') { $d | Add-Member $name ([guid]::NewGuid()) -Force }
                $d
            }
            class Customer { [int] $user_id = 2 }
            Receive ([pscustomobject]@{ user_id = 1 }) {{Import}}
            Receive ([Customer]::new()) {{Import}}
            Receive @{ user_id = 3 } {{Import}}
            Receive ([pscustomobject]@{ user_id = 4; inner = 1 }) {{Import}} -Property user_id, PSComputerName
            [pscustomobject]@{ user_id = 5; PSComputerName = 'mine'; RunspaceId = 'x' } {{Import}}
            """).EnsureSucceeded();

        Assert.Equal(
            ["""{"user_id":1}""", """{"user_id":2}""", """{"user_id":3}""", """{"user_id":4,"PSComputerName":"server"}""", """{"user_id":5,"PSComputerName":"mine","RunspaceId":"x"}"""],
            Sorted(shell));
    }

    [Theory]
    [InlineData("[DBNull]::Value", 60)]
    [InlineData("$null", 60)]
    [InlineData("(& {})", 60)]
    [InlineData("[NullString]::Value", 60)]
    [InlineData("[System.Data.SqlTypes.SqlInt32]::Null", 60)]
    [InlineData("[System.Data.SqlTypes.SqlInt32]30", 30)]
    [InlineData("[System.Text.Json.JsonDocument]::Parse('30')", 30)]
    [InlineData("[timespan]'00:00:30'", 30)]
    public async Task A_time_to_live_that_is_nothing_leaves_the_record_to_that_of_the_call(string value, int seconds)
    {
        await using var shell = ConnectedShell.Open(new EmulatorOptions { AbsentUpdate = AbsentUpdate.Insert });

        shell.Run($"[pscustomobject]@{{ user_id = '1'; keep_for = {value} }} | Set-OptimoveRecord -DataConnectionId $id -KeyProperty user_id -TimeToLiveProperty keep_for -TimeToLive 60").EnsureSucceeded();

        JsonAssert.Equal($$$"""[{"primary_key":"1","data":{"user_id":"1"},"ttl":{{{seconds}}}}]""", Assert.Single(shell.Bodies));
    }

    [Theory]
    [InlineData("[DBNull]::Value")]
    [InlineData("(& {})")]
    [InlineData("[System.Data.SqlTypes.SqlString]::Null")]
    [InlineData("[System.Text.Json.JsonDocument]::Parse('null')")]
    public async Task A_key_that_is_nothing_is_a_missing_key_in_every_cmdlet(string value)
    {
        await using var shell = ConnectedShell.Open();
        var made = $"[pscustomobject]@{{ user_id = {value} }} | ";

        foreach (var command in new[] { "Import-OptimoveData -DataConnectionId $id", "Set-OptimoveRecord -DataConnectionId $id", "Remove-OptimoveRecord -DataConnectionId $id -Confirm:$false" })
        {
            Assert.Contains("the primary key is null", shell.Run($"{made}{command} -KeyProperty user_id").Errors[0].ToString(), StringComparison.Ordinal);
        }

        Assert.Equal(1, shell.Run($"{made}Test-OptimoveData -KeyProperty user_id").Only<DataTestResult>().MissingKeys);
    }

    [Theory]
    [InlineData("[System.Data.SqlTypes.SqlInt32]7", "7")]
    [InlineData("[System.Text.Json.JsonDocument]::Parse('\"a\"')", "\"a\"")]
    [InlineData("[Newtonsoft.Json.Linq.JValue]::new(7)", "7")]
    [InlineData("[char]'x'", "\"x\"")]
    public async Task A_key_goes_by_the_same_table(string value, string json)
    {
        await using var shell = ConnectedShell.Open();

        shell.Run($"[pscustomobject]@{{ user_id = {value} }} {Import}").EnsureSucceeded();

        Assert.Equal($$"""{"user_id":{{json}}}""", Assert.Single(shell.Connection.Records).Json);
    }

    [Fact]
    public async Task A_missing_key_shows_twenty_fields_at_most_and_the_list_that_may_have_the_records()
    {
        await using var shell = ConnectedShell.Open();

        var wide = shell.Run($"$h = [ordered]@{{}}; 1..30 | ForEach-Object {{ $h[\"f$_\"] = $_ }}; [pscustomobject]$h {Import}").Errors[0].ToString();
        var answer = shell.Run($"[pscustomobject]@{{ 'the items' = @([pscustomobject]@{{ user_id = 1 }}, 2) }} {Import}").Errors[0].ToString();

        Assert.Contains("'f20' and 10 more", wide, StringComparison.Ordinal);
        Assert.DoesNotContain("'f21'", wide, StringComparison.Ordinal);
        Assert.Contains("$response.'the items' | Import-OptimoveData", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("@{ orders = @(@{ customer = { 1 } }) }", "field 'v.orders[0].customer' is code")]
    [InlineData("@{ 'two words' = @(1, [double]::NaN) }", "field 'v.'two words'[1]' is NaN")]
    [InlineData("[pscustomobject]@{ a = [pscustomobject]@{ b = [intptr]1 } }", "field 'v.a.b' is a pointer")]
    public async Task A_path_is_written_as_PowerShell_would(string value, string message)
    {
        await using var shell = ConnectedShell.Open();

        Assert.Contains(message, shell.Run($"[pscustomobject]@{{ user_id = 1; v = {value} }} {Import}").Errors[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Classes_that_are_lists_or_dictionaries_with_more_to_them_are_refused()
    {
        await using var shell = ConnectedShell.Open();

        foreach (var value in new[] { "[Cart]::new()", "[Named]::new()" })
        {
            var run = shell.Run($"class Cart : System.Collections.ArrayList {{ [string] $Owner = 'x' }}; class Named : System.Collections.Hashtable {{ [string] $Name = 'x' }}; [pscustomobject]@{{ user_id = 1; v = {value} }} {Import}");
            Assert.Contains("a collection with properties of its own", run.Errors[0].ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Rows_that_are_deleted_in_their_table_are_no_records_and_said()
    {
        await using var shell = ConnectedShell.Open();

        var run = shell.Run($$"""
            $t = [System.Data.DataTable]::new(); [void]$t.Columns.Add('user_id', [int]); 1..3 | ForEach-Object { [void]$t.Rows.Add($_) }
            $t.AcceptChanges(); $t.Rows[1].Delete(); $t.Rows {{Import}}
            """).EnsureSucceeded();

        Assert.Equal((2L, 2L), Assert.Single(run.Objects<LoadResult>()) is var result ? (result.Read, result.Sent) : default);
        Assert.Contains("deleted", Assert.Single(run.Warnings), StringComparison.Ordinal);
    }

    private static string[] Sorted(ConnectedShell shell) => [.. shell.Connection.Records.Select(record => record.Json).Order(StringComparer.Ordinal)];
}
