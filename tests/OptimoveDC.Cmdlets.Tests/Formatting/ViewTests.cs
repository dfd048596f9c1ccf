using System.Management.Automation;
using System.Reflection;
using System.Xml.Linq;
using OptimoveDC.Cmdlets.Tests.Hosting;

namespace OptimoveDC.Cmdlets.Tests.Formatting;

/// <summary>The views name what exists, and show it as a person reads it: a column of a property that was renamed would just be empty.</summary>
public sealed class ViewTests
{
    private static readonly string File = Path.Combine(PackagedModule.Root, "OptimoveDC.Format.ps1xml");
    private static readonly XDocument Views = XDocument.Load(File);

    // As many columns as a terminal has unless somebody makes it wider.
    private const int Narrow = 80;
    private static readonly Guid SampleId = Guid.Parse("41ddf098-90b4-4a5d-a3d1-0fd8da3bfb89");

    public static TheoryData<string> ViewedTypes() => [.. Views.Descendants("TypeName").Select(t => t.Value).Distinct()];

    [Theory]
    [MemberData(nameof(ViewedTypes))]
    public void Every_column_is_a_property_of_its_type_and_the_list_leaves_none_out(string name)
    {
        var type = TypeOf(name);
        var (table, list) = (View(name, "TableControl"), View(name, "ListControl"));

        Assert.All(table.Descendants("PropertyName").Concat(list.Descendants("PropertyName")), property => Assert.NotNull(type.GetProperty(property.Value)));
        Assert.Equal(table.Descendants("TableColumnHeader").Count(), table.Descendants("TableColumnItem").Count());
        var shown = list.Descendants("ListItem").Select(item => item.Element("PropertyName")?.Value ?? item.Element("ScriptBlock")!.Value).ToList();
        Assert.All(
            type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.Name is not ("ApiKey" or "Data")),
            property => Assert.Contains(shown, item => item.Contains(property.Name, StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_type_that_a_cmdlet_writes_has_views()
    {
        var written = ModuleLoader.LoadCmdlets().GetExportedTypes()
            .SelectMany(type => type.GetCustomAttributes<OutputTypeAttribute>())
            .SelectMany(output => output.Type.Select(type => type.Name))
            .Where(name => name.StartsWith("OptimoveDC.", StringComparison.Ordinal));

        Assert.Empty(written.Except(ViewedTypes().Select(row => row.Data)));
    }

    public static MatrixTheoryData<string, int> ViewedTypesOnScreens() => new(ViewedTypes().Select(row => row.Data), [Narrow, ScreenSize.Ordinary]);

    [Theory]
    [MemberData(nameof(ViewedTypesOnScreens))]
    public async Task The_first_view_fits_the_screen_with_no_heading_and_no_value_broken(string name, int width)
    {
        var host = new ScreenHost(width);
        await using var shell = ShellSession.Open(host);

        shell.Set("object", ObjectNamed(name)).Run("$object | Out-Default").EnsureSucceeded();

        var lines = Lines(host).Split('\n');
        Assert.All(lines, line => Assert.InRange(line.Length, 0, width));
        Assert.Equal(Occurrences(SampleId.ToString()[..8], host.Screen), Occurrences(SampleId.ToString(), host.Screen));
        Assert.DoesNotMatch("[0-9]…|…[0-9]", host.Screen);
        var first = Views.Descendants("View").First(view => view.Descendants("TypeName").Any(type => type.Value == name));
        if (first.Element("TableControl") is not { } table)
        {
            Assert.Contains(" : ", host.Screen, StringComparison.Ordinal);
            return;
        }

        // The headings, the rules below them, and the object. What has no room on a narrow screen is left out as a whole.
        var labels = table.Descendants("Label").Select(label => label.Value).ToList();
        var headings = lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(width == Narrow ? labels.Take(headings.Length) : labels, headings);
        Assert.StartsWith("---", lines[1].TrimStart(), StringComparison.Ordinal);
        Assert.Equal(3, lines.Length);
    }

    [Fact]
    public async Task The_result_of_a_load_is_a_line_with_its_duration_as_a_person_reads_it()
    {
        var host = new ScreenHost();
        await using var shell = ShellSession.Open(host);

        shell.Set("results", new[] { Result(), Result() }).Run("$results | Out-Default").EnsureSucceeded();

        Assert.Equal(
            """
            Source           Completed      Read      Sent Rejected Skipped Unknown NotSent    Duration
            ------           ---------      ----      ---- -------- ------- ------- -------    --------
            customers.csv    True        1234567   1234500        7      60       0       0  4 min 05 s
            customers.csv    True        1234567   1234500        7      60       0       0  4 min 05 s
            """,
            Lines(host));
    }

    [Fact]
    public async Task On_a_narrow_screen_the_source_and_the_whole_account_are_there()
    {
        var host = new ScreenHost(Narrow);
        await using var shell = ShellSession.Open(host);

        shell.Set("results", new[] { Result(), Result() }).Run("$results | Out-Default").EnsureSucceeded();

        Assert.Equal(
            """
            Source           Completed      Read      Sent Rejected Skipped Unknown NotSent
            ------           ---------      ----      ---- -------- ------- ------- -------
            customers.csv    True        1234567   1234500        7      60       0       0
            customers.csv    True        1234567   1234500        7      60       0       0
            """,
            Lines(host));
    }

    [Fact]
    public async Task The_list_of_a_load_shows_sizes_rates_and_durations_readable()
    {
        Assert.Equal(
            """
            Operation        : Upload
            Source           : /data/customers.csv
            DataConnectionId : 41ddf098-90b4-4a5d-a3d1-0fd8da3bfb89
            BatchId          :
            Completed        : True
            Read             : 1234567
            Sent             : 1234500
            Rejected         : 7
            Skipped          : 60
            Unknown          : 0
            NotSent          : 0
            Requests         : 247
            Retries          : 0
            Throttled        : 3
            Waited           : 12.3 s
            Bytes            : 1.2 MB
            Duration         : 4 min 05 s
            RecordsPerSecond : 5,039/s
            CheckpointPath   :
            RejectPath       :
            """,
            await ListAsync(Result()));
    }

    [Fact]
    public async Task A_table_of_unfinished_imports_fits_the_screen_and_the_list_has_the_command_that_resumes()
    {
        var host = new ScreenHost();
        await using var shell = ShellSession.Open(host);
        var import = new UnfinishedImport
        {
            Source = "/data/customers.csv",
            DataConnectionId = Guid.Empty,
            BatchId = Guid.Parse("41ddf098-90b4-4a5d-a3d1-0fd8da3bfb89"),
            StartedAt = new DateTimeOffset(new DateTime(2026, 3, 4, 5, 6, 7, DateTimeKind.Local)),
            Read = 1000000,
            Sent = 995000,
            Rejected = 12,
            Completed = false,
            CheckpointPath = "/checkpoints/1.checkpoint",
            ResumeCommand = "Import-OptimoveData -Path '/data/customers.csv' -Resume",
        };

        shell.Set("import", import).Run("$import | Out-Default").EnsureSucceeded();

        Assert.Equal(
            """
            Source                         StartedAt                Read      Sent Rejected BatchId
            ------                         ---------                ----      ---- -------- -------
            customers.csv                  2026-03-04 05:06:07   1000000    995000       12 41ddf098-90b4-4a5d-a3d1-0fd8da3bfb89
            """,
            Lines(host));
        Assert.Contains("ResumeCommand    : Import-OptimoveData -Path '/data/customers.csv' -Resume", await ListAsync(import), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sessions_connections_emulators_and_their_records_are_shown_in_tables_without_a_key()
    {
        var host = new ScreenHost();
        await using var shell = ConnectedShell.Open(host: host);

        shell.Run("""
            Get-OptimoveSession | Out-Default
            $emulator = Start-OptimoveEmulator
            $emulator | Out-Default
            Connect-Optimove -Emulator $emulator
            $connection = New-OptimoveDataConnection -Name Loyalty -PrimaryKey user_id -Description 'Purchases'
            $connection | Out-Default
            $null = @{ user_id = '0000042' } | Import-OptimoveData -DataConnectionId $connection -TimeToLive 86400
            Get-OptimoveEmulatorRecord -Emulator $emulator -DataConnectionId $connection | Out-Default
            Stop-OptimoveEmulator $emulator
            """).EnsureSucceeded();

        Assert.Matches("Custom +…" + shell.Brand.BrandKey.ToString()[^4..] + " +True +.*http://", host.Screen);
        Assert.Matches("Loyalty +user_id +Purchases", host.Screen);
        Assert.Matches("0000042 +86400 +[0-9/: +]+ \\{\"user_id\":\"0000042\"\\}", host.Screen);
        Assert.DoesNotContain(shell.Brand.ApiKey, host.Screen, StringComparison.Ordinal);
        Assert.DoesNotContain("SecureString", host.Screen, StringComparison.Ordinal);
    }

    private static LoadResult Result() => new()
    {
        Operation = LoadOperation.Upload,
        Source = "/data/customers.csv",
        DataConnectionId = Guid.Parse("41ddf098-90b4-4a5d-a3d1-0fd8da3bfb89"),
        Completed = true,
        Read = 1234567,
        Sent = 1234500,
        Rejected = 7,
        Skipped = 60,
        Unknown = 0,
        NotSent = 0,
        Requests = 247,
        Retries = 0,
        Throttled = 3,
        Waited = TimeSpan.FromSeconds(12.3),
        Bytes = 1234567,
        Duration = TimeSpan.FromSeconds(245),
    };

    private static async Task<string> ListAsync(object value)
    {
        var host = new ScreenHost();
        await using var shell = ShellSession.Open(host);
        shell.Set("value", value).Run("$value | Format-List | Out-Default").EnsureSucceeded();
        return Lines(host);
    }

    // The name alone selects a view, so nothing has to be made that only the module can make.
    private static PSObject ObjectNamed(string name)
    {
        var named = new PSObject();
        named.TypeNames.Insert(0, name);
        foreach (var property in TypeOf(name).GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            named.Properties.Add(new PSNoteProperty(property.Name, SampleOf(property.PropertyType)));
        }

        return named;
    }

    // As long as such a value often is.
    private static object? SampleOf(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var id when id == typeof(Guid) => SampleId,
        var text when text == typeof(string) => "/data/2026/customers-of-the-loyalty-program.csv",
        var time when time == typeof(DateTimeOffset) => new DateTimeOffset(2026, 3, 14, 15, 9, 26, TimeSpan.Zero),
        var duration when duration == typeof(TimeSpan) => TimeSpan.FromSeconds(12345),
        var uri when uri == typeof(Uri) => new Uri("https://api.example.com/data-connections/"),
        var yes when yes == typeof(bool) => true,
        var named when named.IsEnum => Enum.GetValues(named).GetValue(0),
        var few when few == typeof(int) => 12,
        var number when number.IsPrimitive => Convert.ChangeType(1234567, number, System.Globalization.CultureInfo.InvariantCulture),
        _ => null,
    };

    private static int Occurrences(string text, string screen) => screen.Split(text).Length - 1;

    private static string Lines(ScreenHost host) =>
        string.Join('\n', host.Screen.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0));

    private static Type TypeOf(string name) => typeof(ModuleLoader).Assembly.GetType(name, throwOnError: true)!;

    // What is seldom shown with others of its kind has a list alone.
    private static XElement View(string name, string control) =>
        Views.Descendants("View").SingleOrDefault(view => view.Descendants("TypeName").Single().Value == name && view.Element(control) is not null)
        ?? (control == "TableControl" ? View(name, "ListControl") : throw new InvalidOperationException($"{name} has no view."));
}
