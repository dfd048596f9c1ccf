using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text.Json;
using OptimoveDC.Cmdlets.Tests.Hosting;
using OptimoveDC.Emulator;

namespace OptimoveDC.Cmdlets.Tests.Writing;

/// <summary>
/// What the service refuses comes back as the user's own object: the very same one where anybody still has it, and one
/// that can't be told from it where nobody has.
/// </summary>
public sealed class RefusedObjectTests
{
    private const string Import = "Import-OptimoveData -DataConnectionId $id -KeyProperty user_id -MaxReject 100000 ";
    private const string Set = "Set-OptimoveRecord -DataConnectionId $id -KeyProperty user_id ";
    private const string Row = "[pscustomobject]@{ user_id = $_; n = $_; note = \"größe $_\"; empty = ''; missing = $null; amount = [decimal]1.50; since = [datetime]'2024-02-29'; id = [guid]::Empty; active = $true; big = [long]::MaxValue; after = \"$_\" }";

    [Theory]
    [InlineData(Import)]
    [InlineData(Set)]
    public async Task An_object_that_somebody_still_has_comes_back_itself(string command)
    {
        await using var shell = OpenRefusing(id => id % 50 == 7);

        var run = shell.Run($"$rows = 1..600 | ForEach-Object {{ {Row} }}; $rows | {command}");

        var rows = Assert.IsAssignableFrom<IEnumerable>(shell.Shell.Get("rows")).Cast<object>().Select(PSObject.AsPSObject).ToArray();
        Assert.Equal(12, run.Errors.Count);
        Assert.All(run.Errors, error => Assert.Same(rows[IdOf(error) - 1], error.TargetObject));
    }

    [Theory]
    [InlineData(Import)]
    [InlineData(Set)]
    public async Task An_object_that_nobody_has_any_more_comes_back_as_one_that_cannot_be_told_from_it(string command)
    {
        await using var shell = OpenRefusing(id => id % 50 == 7);

        var run = shell.Run($$"""
            $witnesses = [System.Collections.Generic.List[WeakReference]]::new()
            & { 1..600 | ForEach-Object { $row = {{Row}}; $witnesses.Add([WeakReference]::new($row)); $row } } | {{command}}
            """);

        Assert.Equal(12, run.Errors.Count);
        var witnesses = (List<WeakReference>)shell.Shell.Get("witnesses")!;
        var rebuilt = run.Errors.Where(error => !ReferenceEquals(witnesses[IdOf(error) - 1].Target, error.TargetObject)).ToList();
        Assert.NotEmpty(rebuilt);
        Assert.All(rebuilt, error =>
        {
            var target = Assert.IsType<PSObject>(error.TargetObject);
            var id = IdOf(error);
            Assert.Equal(
                [
                    ("user_id", id), ("n", id), ("note", $"größe {id}"), ("empty", ""), ("missing", null), ("amount", 1.50m), ("since", new DateTime(2024, 2, 29, 0, 0, 0, DateTimeKind.Unspecified)),
                    ("id", Guid.Empty), ("active", true), ("big", long.MaxValue), ("after", id.ToString(CultureInfo.InvariantCulture)),
                ],
                target.Properties.Select(property => (property.Name, Bare(property.Value))));
            Assert.All(target.Members.Where(member => member is PSPropertyInfo), member => Assert.IsType<PSNoteProperty>(member));
            Assert.IsType<PSCustomObject>(target.BaseObject);
            Assert.Equal(["System.Management.Automation.PSCustomObject", "System.Object"], target.TypeNames);
        });
    }

    [Theory]
    [InlineData(Import)]
    [InlineData(Set)]
    public async Task An_object_that_was_in_memory_long_before_it_came_comes_back_itself_though_nobody_else_has_it(string command)
    {
        await using var shell = OpenRefusing(id => id % 50 == 7);

        var run = shell.Run($$"""
            $rows = [object[]](1..600 | ForEach-Object { {{Row}} })
            $witnesses = [System.Collections.Generic.List[WeakReference]]::new()
            foreach ($row in $rows) { $witnesses.Add([WeakReference]::new($row)) }
            [gc]::Collect(); [gc]::Collect()
            $generation = [gc]::GetGeneration($rows[0])
            & { foreach ($at in 0..599) { $row = $rows[$at]; $rows[$at] = $null; $row } } | {{command}}
            """);

        Assert.Equal(GC.MaxGeneration, Assert.IsType<int>(PSObject.AsPSObject(shell.Shell.Get("generation")).BaseObject));
        var witnesses = (List<WeakReference>)shell.Shell.Get("witnesses")!;
        Assert.Equal(12, run.Errors.Count);
        Assert.All(run.Errors, error => Assert.Same(witnesses[IdOf(error) - 1].Target, error.TargetObject));
    }

    [Theory]
    [InlineData("[pscustomobject]@{ PSTypeName = 'Shop.Customer'; user_id = $_; n = $_ }", "$_.pstypenames[0] -eq 'Shop.Customer'")]
    [InlineData("$row = [pscustomobject]@{ user_id = $_; n = $_ }; $row.psobject.TypeNames.Insert(0, 'Late'); $row", "$_.pstypenames[0] -eq 'Late'")]
    [InlineData("$row = [pscustomobject]@{ user_id = $_; n = $_ }; $row.psobject.Properties.Add([psscriptproperty]::new('twice', { $this.user_id * 2 })); $row", "$_.twice -eq 2 * $_.user_id")]
    [InlineData("$row = [pscustomobject]@{ user_id = $_; n = $_ }; $row.psobject.Methods.Add([psscriptmethod]::new('Ask', { 'answer' })); $row", "$_.Ask() -eq 'answer'")]
    [InlineData("[pscustomobject]@{ user_id = $_; n = $_; bytes = [byte[]](1, 2); list = @(1, @{ a = 2 }) }", "$_.bytes -is [byte[]] -and $_.list[1].a -eq 2")]
    [InlineData("$noted = [psobject]::AsPSObject(5); $noted.psobject.Properties.Add([psnoteproperty]::new('more', 'less')); [pscustomobject]@{ user_id = $_; n = $_; noted = $noted }", "$_.noted.more -eq 'less'")]
    [InlineData("$noted = [psobject]::AsPSObject('x'); $noted.psobject.Properties.Add([psnoteproperty]::new('more', 'less')); [pscustomobject]@{ user_id = $_; n = $_; noted = $noted }", "$_.noted.more -eq 'less'")]
    [InlineData("@{ user_id = $_; n = $_; v = 'x' }", "$_ -is [hashtable] -and $_.v -eq 'x'")]
    [InlineData("[ordered]@{ user_id = $_; n = $_; v = 'x' }", "$_ -is [System.Collections.Specialized.OrderedDictionary] -and $_.v -eq 'x'")]
    public async Task An_object_with_more_to_it_than_plain_fields_comes_back_with_all_of_it(string made, string check)
    {
        await using var shell = OpenRefusing(id => id % 50 == 7);
        foreach (var command in new[] { Import, Set })
        {
            var run = shell.Run($"& {{ 1..600 | ForEach-Object {{ {made} }} }} | {command}");

            Assert.Equal(12, run.Errors.Count);
            Assert.Empty(shell.Shell.Set("targets", run.Errors.Select(error => error.TargetObject).ToArray()).Run($"$targets | Where-Object {{ -not ({check}) }}").Output);
        }
    }

    [Fact]
    public async Task An_object_of_a_kind_of_its_own_comes_back_as_that_kind()
    {
        await using var shell = OpenRefusing(id => id % 50 == 7);
        shell.Shell.Set("rows", Enumerable.Range(1, 600).Select(id => new OwnRow(id)));

        var run = shell.Run("$rows | " + Import);

        Assert.Equal(12, run.Errors.Count);
        Assert.All(run.Errors, error => Assert.Equal(IdOf(error), Assert.IsType<OwnRow>(error.TargetObject).Id));
    }

    [Theory]
    [InlineData(Import + "-BatchSize 100 -ThrottleLimit 4")]
    [InlineData(Set + "-BatchSize 100 -ThrottleLimit 4")]
    public async Task Of_many_requests_at_once_each_refused_object_comes_back_once_with_its_own_values(string command)
    {
        await using var shell = OpenRefusing(id => id % 97 == 0);

        var run = shell.Run($$"""& { 1..6000 | ForEach-Object { [pscustomobject]@{ user_id = $_; n = $_; v = 'v' * ($_ % 300); w = "$_" } } } | {{command}}""");

        Assert.Equal(Enumerable.Range(1, 6000).Where(id => id % 97 == 0), run.Errors.Select(IdOf).Order());
        Assert.All(run.Errors, error =>
        {
            var target = PSObject.AsPSObject(error.TargetObject);
            Assert.Equal(new string('v', IdOf(error) % 300), target.Properties["v"].Value);
            Assert.Equal($"{IdOf(error)}", target.Properties["w"].Value);
        });
    }

    private sealed class OwnRow : PSObject
    {
        internal OwnRow(int id)
        {
            Id = id;
            Properties.Add(new PSNoteProperty("user_id", id));
            Properties.Add(new PSNoteProperty("n", id));
        }

        internal int Id { get; }
    }

    // Whatever nobody has any more is gone before the first answers: as it would be after an answer that takes its time.
    private static ConnectedShell OpenRefusing(Func<int, bool> isRefused)
    {
        var shell = ConnectedShell.Open(new EmulatorOptions
        {
            AbsentUpdate = AbsentUpdate.Insert,
            FaultPlan = request =>
            {
                if (request.Sequence % 10 == 1)
                {
                    GC.Collect();
                }

                return null;
            },
            RejectRecord = item => isRefused(KeyOf(item)),
        });
        return shell;
    }

    // A field like others: an update's key is not in its data.
    private static int KeyOf(JsonElement item) => item.GetProperty("n").GetInt32();

    private static int IdOf(ErrorRecord error) => error.TargetObject is IDictionary dictionary
        ? (int)Bare(dictionary["user_id"])!
        : (int)Bare(PSObject.AsPSObject(error.TargetObject).Properties["user_id"].Value)!;

    private static object? Bare(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
