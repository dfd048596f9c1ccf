using System.Management.Automation;
using System.Reflection;
using System.Runtime.Loader;
using OptimoveDC.Cmdlets.Tests.Hosting;

namespace OptimoveDC.Cmdlets.Tests;

/// <summary>What the module brings along meets nobody, and what a script names is what the module means.</summary>
public class LoadContextTests
{
    private const string FirstCmdlet = "Get-OptimoveSession";

    private static AssemblyLoadContext Private => AssemblyLoadContext.GetLoadContext(ModuleLoader.LoadCmdlets())!;

    [Fact]
    public void The_cmdlets_live_in_a_context_of_their_own()
    {
        Assert.NotSame(AssemblyLoadContext.Default, Private);
        Assert.Equal("OptimoveDC", Private.Name);
    }

    [Fact]
    public void The_private_context_uses_the_packaged_Polly_though_an_older_one_was_loaded_first()
    {
        Assert.Same(AssemblyLoadContext.Default, AssemblyLoadContext.GetLoadContext(PackagedModule.OlderPolly));

        var polly = Private.LoadFromAssemblyName(new AssemblyName("Polly.Core"));

        Assert.Equal(Path.Combine(PackagedModule.Root, "lib", "Polly.Core.dll"), polly.Location);
        Assert.NotEqual(InformationalVersion(PackagedModule.OlderPolly), InformationalVersion(polly));
        // The runtime could not have told them apart.
        Assert.Equal(PackagedModule.OlderPolly.GetName().Version, polly.GetName().Version);
    }

    // It is compiled ahead of time, and nobody can put another in its place.
    [Fact]
    public void What_the_runtime_has_and_is_no_older_is_not_loaded_a_second_time()
    {
        var json = Private.LoadFromAssemblyName(new AssemblyName("System.Text.Json, Version=8.0.0.0"));

        Assert.Same(typeof(System.Text.Json.JsonSerializer).Assembly, json);
        Assert.True(File.Exists(Path.Combine(PackagedModule.Root, "lib", "System.Text.Json.dll")), "an older runtime needs the module's own");
        Assert.DoesNotContain(Private.Assemblies, assembly => assembly.GetName().Name == "System.Text.Json");
    }

    [Fact]
    public async Task A_real_request_goes_through_the_packaged_Polly_though_an_older_one_was_loaded_first()
    {
        await using var shell = ShellSession.Open();

        var run = shell.Run("""
            $emulator = Start-OptimoveEmulator
            try {
                Connect-Optimove -Emulator $emulator
                New-OptimoveDataConnection -Name 'Customers' -PrimaryKey 'id'
            }
            finally {
                Stop-OptimoveEmulator $emulator
            }
            """);

        Assert.Equal("Customers", run.Only<DataConnection>().Name);
        var polly = Assert.Single(Private.Assemblies, a => a.GetName().Name == "Polly.Core");
        Assert.StartsWith(PackagedModule.Root, polly.Location, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_private_is_loaded_outside_the_context()
    {
        var outside = AppDomain.CurrentDomain.GetAssemblies()
            .Where(a => !a.IsDynamic && a.Location.StartsWith(PackagedModule.Root, StringComparison.Ordinal))
            .Where(a => AssemblyLoadContext.GetLoadContext(a) == AssemblyLoadContext.Default);

        Assert.All(outside, a => Assert.Equal("OptimoveDC.Abstractions", a.GetName().Name));
    }

    [Fact]
    public async Task The_engine_is_the_same_on_both_sides()
    {
        await using var shell = ShellSession.Open();

        var cmdlet = shell.Run($"Get-Command {FirstCmdlet}").Only<CmdletInfo>();

        Assert.True(typeof(PSCmdlet).IsAssignableFrom(cmdlet.ImplementingType));
        Assert.Same(ModuleLoader.LoadCmdlets(), cmdlet.ImplementingType.Assembly);
    }

    [Fact]
    public async Task A_script_can_name_the_public_types()
    {
        await using var shell = ShellSession.Open();
        var publicTypes = typeof(ModuleLoader).Assembly.GetExportedTypes();

        foreach (var type in publicTypes.Where(t => !t.IsGenericType && !t.IsNested))
        {
            Assert.Same(type, shell.Run($"[{type.FullName}]").Only<Type>());
        }
    }

    [Fact]
    public void The_public_types_are_the_packaged_ones() =>
        Assert.Equal(Path.Combine(PackagedModule.Root, "OptimoveDC.Abstractions.dll"), typeof(ModuleLoader).Assembly.Location);

    [Fact]
    public async Task Importing_again_by_force_keeps_the_cmdlets()
    {
        await using var shell = ShellSession.Open();
        const string Count = "@(Get-Command -Module OptimoveDC).Count";
        var before = shell.Run(Count).Only<int>();

        var first = shell.Run($"Import-Module $manifest -Force; {Count}").Only<int>();
        var second = shell.Run($"Import-Module $manifest -Force; {Count}").Only<int>();

        Assert.NotEqual(0, before);
        Assert.Equal((before, before), (first, second));
        shell.Run($"Get-Command {FirstCmdlet}").EnsureSucceeded();
    }

    [Fact]
    public async Task Removing_the_module_leaves_nothing_behind()
    {
        await using var shell = ShellSession.Open();

        var left = shell.Run("Remove-Module OptimoveDC; @(Get-Module | Where-Object Name -Like 'Optimove*').Count").Only<int>();

        Assert.Equal(0, left);
    }

    [Fact]
    public async Task Two_runspaces_share_one_private_context()
    {
        await using var one = ShellSession.Open();
        await using var other = ShellSession.Open();

        var types = new[] { one, other }.Select(s => s.Run($"(Get-Command {FirstCmdlet}).ImplementingType").Only<Type>());

        Assert.Single(types.Distinct());
    }

    private static string? InformationalVersion(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
}
