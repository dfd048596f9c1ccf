using System.Management.Automation;
using System.Reflection;
using OptimoveDC.Cmdlets.Tests.Hosting;

namespace OptimoveDC.Cmdlets.Tests.Completion;

/// <summary>No parameter that could suggest something is forgotten: they are found in the module, and each is tried.</summary>
public sealed class CompletedParameterTests(CompletedParameterTests.Prompt prompt) : IClassFixture<CompletedParameterTests.Prompt>
{
    private const string Import = "Import-OptimoveData customers.csv ";
    private const string Sync = "Sync-OptimoveData customers.csv -StatePath state.db ";
    private const string Test = "Test-OptimoveData customers.csv ";

    // A line for each parameter with a completer: the cursor is at its end. And something that is suggested there.
    private static readonly Dictionary<string, (string Before, string Suggested)> Tried = new(StringComparer.Ordinal)
    {
        ["Get-OptimoveEmulatorRecord -DataConnectionId"] = ("Get-OptimoveEmulatorRecord ", "{id}"),
        ["Import-OptimoveData -ColumnType"] = (Import, "@{ city = 'Number' }"),
        ["Import-OptimoveData -DataConnectionId"] = (Import, "{id}"),
        ["Import-OptimoveData -Encoding"] = (Import, "windows-1252"),
        ["Import-OptimoveData -ExcludeProperty"] = (Import, "city"),
        ["Import-OptimoveData -KeyProperty"] = (Import, "user_id"),
        ["Import-OptimoveData -Property"] = (Import, "city"),
        ["Import-OptimoveData -PropertyMap"] = (Import, "@{ city = 'city' }"),
        ["Remove-OptimoveRecord -DataConnectionId"] = ("Remove-OptimoveRecord 1 ", "{id}"),
        ["Remove-OptimoveRecord -KeyProperty"] = ("Import-Csv customers.csv | Remove-OptimoveRecord ", "user_id"),
        ["Set-OptimoveRecord -DataConnectionId"] = ("Set-OptimoveRecord 1 @{} ", "{id}"),
        ["Set-OptimoveRecord -KeyProperty"] = ("Import-Csv customers.csv | Set-OptimoveRecord ", "user_id"),
        ["Set-OptimoveRecord -TimeToLiveProperty"] = ("Import-Csv customers.csv | Set-OptimoveRecord ", "city"),
        ["Sync-OptimoveData -ColumnType"] = (Sync, "@{ city = 'Number' }"),
        ["Sync-OptimoveData -DataConnectionId"] = (Sync, "{id}"),
        ["Sync-OptimoveData -Encoding"] = (Sync, "windows-1252"),
        ["Sync-OptimoveData -ExcludeProperty"] = (Sync, "city"),
        ["Sync-OptimoveData -KeyProperty"] = (Sync, "user_id"),
        ["Sync-OptimoveData -Property"] = (Sync, "city"),
        ["Sync-OptimoveData -PropertyMap"] = (Sync, "@{ city = 'city' }"),
        ["Test-OptimoveData -ColumnType"] = (Test, "@{ city = 'Number' }"),
        ["Test-OptimoveData -Encoding"] = (Test, "windows-1252"),
        ["Test-OptimoveData -ExcludeProperty"] = (Test, "city"),
        ["Test-OptimoveData -KeyProperty"] = (Test, "user_id"),
        ["Test-OptimoveData -Property"] = (Test, "city"),
        ["Test-OptimoveData -PropertyMap"] = (Test, "@{ city = 'city' }"),
    };

    public static TheoryData<string> WithCompleter() =>
        [.. Parameters().Where(one => one.Property.IsDefined(typeof(ArgumentCompleterAttribute))).Select(one => one.Name)];

    public static TheoryData<string, string[]> WithFixedWords() =>
        [.. from one in Parameters()
            let words = FixedWords(one.Property)
            where words.Length > 0
            select (one.Name, words)];

    [Theory]
    [MemberData(nameof(WithCompleter))]
    public void A_parameter_with_a_completer_suggests_what_it_should(string parameter)
    {
        Assert.True(Tried.TryGetValue(parameter, out var tried), $"{parameter} has a completer, and {nameof(Tried)} has no line for it.");

        Assert.Contains(
            tried.Suggested.Replace("{id}", prompt.Connected.Connection.Id.ToString(), StringComparison.Ordinal),
            Suggestions(tried.Before + NameOf(parameter) + " "));
        Assert.Equal(0, prompt.Connected.Server.Service.RequestCount);
    }

    [Fact]
    public void Every_line_is_for_a_parameter_that_has_a_completer() =>
        Assert.Empty(Tried.Keys.Except(WithCompleter().Select(row => row.Data)));

    [Theory]
    [MemberData(nameof(WithFixedWords))]
    public void A_parameter_with_a_fixed_list_suggests_all_of_it_and_what_begins_alike(string parameter, string[] words)
    {
        Assert.Equal(words, Suggestions(parameter + " "));
        Assert.Contains(words[^1], Suggestions($"{parameter} {words[^1][..2]}"));
    }

    [Fact]
    public void Every_encoding_that_is_suggested_is_taken() =>
        Assert.All(
            Suggestions(Import + "-Encoding "),
            encoding => prompt.Connected.Run($"{Import}-KeyProperty user_id -WhatIf -Encoding {encoding}").EnsureSucceeded());

    private List<string> Suggestions(string line)
    {
        var run = prompt.Connected.Shell.Set("line", line).Run("(TabExpansion2 -inputScript $line -cursorColumn $line.Length).CompletionMatches");
        return [.. run.EnsureSucceeded().Objects<CompletionResult>().Select(result => result.CompletionText)];
    }

    private static string NameOf(string parameter) => parameter[parameter.IndexOf('-', parameter.IndexOf(' ', StringComparison.Ordinal))..];

    private static IEnumerable<(string Name, PropertyInfo Property)> Parameters() =>
        from type in ModuleLoader.LoadCmdlets().GetExportedTypes()
        where !type.IsAbstract
        let cmdlet = type.GetCustomAttribute<CmdletAttribute>()
        where cmdlet is not null
        from property in type.GetProperties()
        where property.IsDefined(typeof(ParameterAttribute))
        let name = $"{cmdlet.VerbName}-{cmdlet.NounName} -{property.Name}"
        orderby name
        select (name, property);

    private static string[] FixedWords(PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        var words = property.GetCustomAttribute<ValidateSetAttribute>()?.ValidValues ?? (type.IsEnum ? Enum.GetNames(type) : []);
        return [.. words.Order(StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>A shell in a folder with a file, with a session that knows a Data Connection.</summary>
    public sealed class Prompt : IAsyncDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public Prompt()
        {
            _folder.Write("customers.csv", "user_id,city\n1,Oslo\n");
            Connected = ConnectedShell.Open(connectArguments: "-DataConnectionId $id");
            Connected.Shell.Set("folder", _folder.Path).Run("Set-Location $folder").EnsureSucceeded();
        }

        public ConnectedShell Connected { get; }

        public async ValueTask DisposeAsync()
        {
            await Connected.DisposeAsync();
            _folder.Dispose();
        }
    }
}
