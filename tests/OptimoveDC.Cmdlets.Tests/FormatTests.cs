using System.Management.Automation;
using System.Xml.Linq;
using OptimoveDC.Cmdlets.Tests.Hosting;

namespace OptimoveDC.Cmdlets.Tests;

/// <summary>The views name what exists: a column of a property that was renamed would just be empty.</summary>
public class FormatTests
{
    private static readonly XDocument Views = XDocument.Load(Path.Combine(PackagedModule.Root, "OptimoveDC.Format.ps1xml"));

    public static TheoryData<string> ViewedTypes() => [.. Views.Descendants("TypeName").Select(t => t.Value)];

    [Theory]
    [MemberData(nameof(ViewedTypes))]
    public void Every_column_is_a_property_of_its_type(string name)
    {
        var type = typeof(ModuleLoader).Assembly.GetType(name, throwOnError: true)!;
        var view = Views.Descendants("View").Single(v => v.Descendants("TypeName").Single().Value == name);

        Assert.All(view.Descendants("PropertyName"), property => Assert.NotNull(type.GetProperty(property.Value)));
        Assert.Equal(view.Descendants("TableColumnHeader").Count(), view.Descendants("TableColumnItem").Count());
    }

    [Theory]
    [MemberData(nameof(ViewedTypes))]
    public async Task The_engine_shows_the_view_with_every_column_on_an_ordinary_screen(string name)
    {
        var host = new ScreenHost();
        await using var shell = ShellSession.Open(host);
        // The name alone selects a view, so nothing has to be made that only the module can make.
        var standIn = new PSObject();
        standIn.TypeNames.Insert(0, name);
        standIn.Properties.Add(new PSNoteProperty("Anything", 1));

        shell.Set("object", standIn).Run("$object | Out-Default").EnsureSucceeded();

        var labels = Views.Descendants("View").Single(v => v.Descendants("TypeName").Single().Value == name).Descendants("Label").Select(l => l.Value);
        Assert.All(labels, label => Assert.Contains(label, host.Screen, StringComparison.Ordinal));
    }
}
