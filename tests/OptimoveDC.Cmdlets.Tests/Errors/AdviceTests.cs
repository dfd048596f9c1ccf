using System.Management.Automation;
using OptimoveDC.Cmdlets.Tests.Hosting;

namespace OptimoveDC.Cmdlets.Tests.Errors;

/// <summary>Every error says what to do about it: all are made in one place, and that place has advice for each.</summary>
public sealed class AdviceTests
{
    [Fact]
    public void Every_condition_has_advice_of_its_own()
    {
        var cmdlets = ModuleLoader.LoadCmdlets();
        var advice = cmdlets.GetType("OptimoveDC.Cmdlets.Errors.Advice", throwOnError: true)!
            .GetMethod("For", System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)!;
        var conditions = advice.GetParameters()[0].ParameterType;

        var texts = Enum.GetValues(conditions).Cast<object>().Select(condition => (string)advice.Invoke(null, [condition])!).ToList();

        Assert.All(texts, text => Assert.Matches("^[A-Z].+[.]$", text));
        Assert.Equal(texts, texts.Distinct());
    }

    [Theory]
    [InlineData("7.4.11.500", "It is wrong. Correct the argument; Get-Help shows what it takes.")]
    [InlineData("7.5.0.500", "It is wrong.")]
    [InlineData("7.6.0.500", "It is wrong.")]
    public void Where_the_shell_does_not_show_the_advice_the_message_has_it(string engine, string message)
    {
        var advice = ModuleLoader.LoadCmdlets().GetType("OptimoveDC.Cmdlets.Errors.Advice", throwOnError: true)!;
        var attach = advice.GetMethod("Attach", System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)!;

        var details = (ErrorDetails)attach.Invoke(null, ["It is wrong.", Enum.Parse(attach.GetParameters()[1].ParameterType, "ArgumentInvalid"), Version.Parse(engine)])!;

        Assert.Equal(message, details.Message);
        Assert.Equal("Correct the argument; Get-Help shows what it takes.", details.RecommendedAction);
    }

    [Fact]
    public void No_error_is_made_elsewhere()
    {
        var made = Directory.EnumerateFiles(Path.Combine(PackagedModule.RepositoryRoot, "src", "OptimoveDC.Cmdlets"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Where(file => File.ReadAllText(file) is var code
                && (code.Contains("new ErrorRecord(", StringComparison.Ordinal) || code.Contains("ErrorRecord Make(", StringComparison.Ordinal)))
            .Select(Path.GetFileName);

        Assert.Equal(["ErrorRecords.cs"], made);
    }
}
