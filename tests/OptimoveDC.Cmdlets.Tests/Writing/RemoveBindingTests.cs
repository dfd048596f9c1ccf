using OptimoveDC.Cmdlets.Tests.Hosting;
using OptimoveDC.Emulator;

namespace OptimoveDC.Cmdlets.Tests.Writing;

/// <summary>What Remove-OptimoveRecord takes for a key.</summary>
public sealed class RemoveBindingTests
{
    private const string Remove = "Remove-OptimoveRecord -DataConnectionId $id -Confirm:$false ";

    [Theory]
    [InlineData("'4942985', '2', '1e6bbf91'", """["4942985","2","1e6bbf91"]""")]
    [InlineData("54490", "[54490]")]
    [InlineData("'007', 7, 1.50d, [long]9", """["007",7,1.50,9]""")]
    [InlineData("'0001000'", """["0001000"]""")]
    [InlineData("[guid]'41ddf098-90b4-4a5d-a3d1-0fd8da3bfb89'", """["41ddf098-90b4-4a5d-a3d1-0fd8da3bfb89"]""")]
    public async Task A_scalar_is_a_key_of_the_type_it_has_as_argument_and_on_the_pipeline(string keys, string json)
    {
        await using var shell = ConnectedShell.Open(Lenient);

        shell.Run(Remove + $"-PrimaryKey @({keys})").EnsureSucceeded();
        shell.Run(keys + " | " + Remove).EnsureSucceeded();

        Assert.Equal(2, shell.Bodies.Count);
        Assert.All(shell.Bodies, body => JsonAssert.Equal($$"""{"primary_keys":{{json}}}""", body));
    }

    [Theory]
    [InlineData("0001000", "1000")]
    [InlineData("'0001000'", "\"0001000\"")]
    public async Task A_bare_number_on_the_command_line_is_a_number_so_text_is_quoted(string argument, string json)
    {
        await using var shell = ConnectedShell.Open(Lenient);

        shell.Run(Remove + "-PrimaryKey " + argument).EnsureSucceeded();

        JsonAssert.Equal($$"""{"primary_keys":[{{json}}]}""", Assert.Single(shell.Bodies));
    }

    [Fact]
    public async Task An_object_or_dictionary_gives_the_column_that_KeyProperty_names()
    {
        await using var shell = ConnectedShell.Open(Lenient);

        shell.Run("[pscustomobject]@{ user_id = 'a'; primary_key = 'wrong' }, @{ USER_ID = 'b' } | " + Remove + "-KeyProperty user_id").EnsureSucceeded();

        JsonAssert.Equal("""{"primary_keys":["a","b"]}""", Assert.Single(shell.Bodies));
    }

    [Fact]
    public async Task The_key_is_found_by_its_name_wherever_it_stands_in_each_object()
    {
        await using var shell = ConnectedShell.Open(Lenient);

        shell.Run($$"""
            & {
                [pscustomobject]@{ user_id = 1; city = 'x' }
                [pscustomobject]@{ user_id = 2; city = 'x' }
                [pscustomobject]@{ city = 'x'; user_id = 3 }
                [pscustomobject]@{ USER_ID = 4 }
                [pscustomobject]@{ user_id_2 = 'x'; User_Id = 5 }
                @{ user_id = 6 }
                $row = [pscustomobject]@{ six = 6 }
                $row.psobject.Properties.Add([psscriptproperty]::new('user_id', { $this.six + 1 }))
                $row
                8
            } | {{Remove}} -KeyProperty user_id
            """).EnsureSucceeded();
        shell.Run("[pscustomobject]@{ PrimaryKey = 'a' }, [pscustomobject]@{ PrimaryKey = 'x'; primary_key = 'b' }, [pscustomobject]@{ PrimaryKey = 'c' } | " + Remove).EnsureSucceeded();

        JsonAssert.Equal("""{"primary_keys":[1,2,3,4,5,6,7,8]}""", shell.Bodies[0]);
        JsonAssert.Equal("""{"primary_keys":["a","b","c"]}""", shell.Bodies[1]);
    }

    [Fact]
    public async Task A_sorted_list_with_keys_that_are_no_text_has_no_key_and_the_others_are_deleted()
    {
        await using var shell = ConnectedShell.Open(Lenient);

        var run = shell.Run("$list = [System.Collections.SortedList]::new(); $list.Add(1, 'x'); 1, $list, 2 | " + Remove);

        Assert.Contains("it has no field 'primary_key'", run.Error.ToString(), StringComparison.Ordinal);
        JsonAssert.Equal("""{"primary_keys":[1,2]}""", Assert.Single(shell.Bodies));
    }

    [Fact]
    public async Task An_object_changed_and_handed_over_again_is_deleted_by_the_key_that_it_had_each_time()
    {
        await using var shell = ConnectedShell.Open(Lenient);

        shell.Run($"$row = [pscustomobject]@{{ user_id = 0 }}; 1..300 | ForEach-Object {{ $row.user_id = $_; $row }} | {Remove} -KeyProperty user_id -BatchSize 1000").EnsureSucceeded();

        JsonAssert.Equal($$"""{"primary_keys":[{{string.Join(',', Enumerable.Range(1, 300))}}]}""", Assert.Single(shell.Bodies));
    }

    [Theory]
    [InlineData("[pscustomobject]@{ primary_key = 'a'; city = 'x' }")]
    [InlineData("[pscustomobject]@{ PrimaryKey = 'a' }")]
    [InlineData("@{ primary_key = 'a' }")]
    public async Task Without_KeyProperty_an_object_gives_its_primary_key(string input)
    {
        await using var shell = ConnectedShell.Open(Lenient);

        shell.Run(input + " | " + Remove).EnsureSucceeded();

        JsonAssert.Equal("""{"primary_keys":["a"]}""", Assert.Single(shell.Bodies));
    }

    [Fact]
    public async Task An_object_without_a_key_is_an_error_that_says_what_to_name()
    {
        await using var shell = ConnectedShell.Open(Lenient);

        var run = shell.Run("[pscustomobject]@{ id = 'a' } | " + Remove);

        Assert.Equal("Optimove.RecordInvalid,OptimoveDC.Cmdlets.Loading.RemoveOptimoveRecordCommand", run.Error.FullyQualifiedErrorId);
        Assert.Contains("-KeyProperty", run.Error.ToString(), StringComparison.Ordinal);
        Assert.Empty(shell.Bodies);
    }

    [Fact]
    public async Task Columns_named_like_parameters_redirect_nothing()
    {
        await using var shell = ConnectedShell.Open(Lenient);
        var rows = ConnectedShell.CsvRows(
            [("user_id", "a"), ("DataConnectionId", Guid.NewGuid().ToString()), ("data_connection_uuid", "x"), ("Session", "y"), ("KeyType", "Number")]);

        shell.Pipe(rows, Remove + "-KeyProperty user_id").EnsureSucceeded();

        JsonAssert.Equal("""{"primary_keys":["a"]}""", Assert.Single(shell.Bodies));
    }

    [Fact]
    public async Task It_asks_for_each_record_and_a_No_keeps_that_record()
    {
        var host = new ScreenHost("Yes", "No", "Yes");
        await using var shell = ConnectedShell.Open(Lenient, host: host);

        shell.Run("'a', 'b', 'c' | Remove-OptimoveRecord -DataConnectionId $id").EnsureSucceeded();

        Assert.Equal(3, host.Questions.Count);
        JsonAssert.Equal("""{"primary_keys":["a","c"]}""", Assert.Single(shell.Bodies));
    }

    private static EmulatorOptions Lenient => new() { AbsentDelete = AbsentDelete.ShortCount };
}
