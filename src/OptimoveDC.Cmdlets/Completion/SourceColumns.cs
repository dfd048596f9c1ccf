using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;

namespace OptimoveDC.Cmdlets.Completion;

/// <summary>Finds the file that a half-typed line is about, and the columns it has.</summary>
internal static class SourceColumns
{
    // A slow share must not hold up the prompt.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    internal static IReadOnlyList<string> Find(CommandAst command, IDictionary bound)
    {
        if (FindFile(command, bound) is not { } file)
        {
            return [];
        }

        var delimiter = Convert.ToString(bound["Delimiter"], System.Globalization.CultureInfo.InvariantCulture);
        var reading = Task.Run(() => FileHead.ReadColumns(file, delimiter));
        return reading.Wait(Patience) ? reading.GetAwaiter().GetResult() : [];
    }

    private static string? FindFile(CommandAst command, IDictionary bound)
    {
        if (First(bound["LiteralPath"]) is { } literal)
        {
            return Resolve(literal, isLiteral: true);
        }

        return (First(bound["Path"]) ?? PathUpstream(command)) is { } path ? Resolve(path, isLiteral: false) : null;
    }

    // Import-Csv customers.csv | Import-OptimoveData -KeyProperty <Tab>
    private static string? PathUpstream(CommandAst command)
    {
        if (command.Parent is not PipelineAst pipeline)
        {
            return null;
        }

        var reader = pipeline.PipelineElements.OfType<CommandAst>().FirstOrDefault();
        if (reader is null || reader == command || !"Import-Csv".Equals(reader.GetCommandName(), StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var named = reader.CommandElements
            .SkipWhile(element => element is not CommandParameterAst { ParameterName: var name } || !"Path".StartsWith(name, StringComparison.OrdinalIgnoreCase))
            .Skip(1);
        return named.Concat(reader.CommandElements.Skip(1).Take(1)).OfType<StringConstantExpressionAst>().FirstOrDefault()?.Value;
    }

    private static string? First(object? value)
    {
        var bare = value is PSObject wrapped ? wrapped.BaseObject : value;
        return bare switch
        {
            string text => text,
            FileInfo file => file.FullName,
            IEnumerable items => items.Cast<object?>().Select(First).FirstOrDefault(text => text is not null),
            _ => null,
        };
    }

    // As the cmdlet itself would resolve it: by the shell's own folder, which is not the process's.
    private static string? Resolve(string path, bool isLiteral)
    {
        if (Runspace.DefaultRunspace is null)
        {
            return null;
        }

        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        shell.AddScript("$ExecutionContext.SessionState", useLocalScope: true);
        var paths = shell.Invoke<SessionState>()[0].Path;
        return isLiteral
            ? paths.GetUnresolvedProviderPathFromPSPath(path, out _, out _)
            : paths.GetResolvedProviderPathFromPSPath(path, out _).FirstOrDefault(File.Exists);
    }
}
