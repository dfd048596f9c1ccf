using System.Globalization;
using System.Text;
using OptimoveDC.Help.Facts;

namespace OptimoveDC.Help.Output;

/// <summary>
/// Writes into the page of a cmdlet what its readers want to see and its writers would forget to keep true: the syntax,
/// and the facts below each parameter. The words stay as they are.
/// </summary>
internal static class PageFacts
{
    private const string Fence = "```";

    /// <summary>Brings a page up to date; a page that is stays untouched.</summary>
    internal static void Write(CmdletFacts facts, string file)
    {
        var before = File.ReadAllText(file);
        var after = Refresh(facts, before);
        if (after != before)
        {
            File.WriteAllText(file, after, new UTF8Encoding(false));
        }
    }

    /// <summary>A page with the facts of its cmdlet.</summary>
    internal static string Refresh(CmdletFacts facts, string page)
    {
        var output = new List<string>();
        var heading = "";
        var inCode = false;
        ParameterFacts? parameter = null;
        foreach (var line in WithoutFacts(page))
        {
            inCode ^= line.StartsWith(Fence, StringComparison.Ordinal);
            if (inCode)
            {
                output.Add(line);
                continue;
            }

            if (line.StartsWith('#'))
            {
                Close(output, parameter);
                parameter = null;
            }

            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                heading = line[3..];
                if (heading == "DESCRIPTION")
                {
                    output.AddRange(["## SYNTAX", "", .. Syntax(facts)]);
                }
            }
            else if (heading == "PARAMETERS" && line.StartsWith("### -", StringComparison.Ordinal))
            {
                parameter = facts.Parameters.FirstOrDefault(candidate => candidate.Name == line[5..]);
            }

            output.Add(line);
        }

        return string.Join('\n', output).TrimEnd('\n') + "\n";
    }

    // What an earlier run has written: the section of the syntax, and a block of YAML below a parameter.
    private static IEnumerable<string> WithoutFacts(string page)
    {
        var (inSyntax, inFacts, inCode) = (false, false, false);
        foreach (var line in page.TrimEnd('\n').Split('\n'))
        {
            if (!inSyntax && !inFacts && line.StartsWith(Fence, StringComparison.Ordinal) && line != Fence + "yaml")
            {
                inCode = !inCode;
            }

            // In a block of code, what looks like a heading is a comment.
            if (!inCode && line.StartsWith("## ", StringComparison.Ordinal))
            {
                inSyntax = line == "## SYNTAX";
            }

            inFacts |= line == Fence + "yaml";
            if (!inSyntax && !inFacts)
            {
                yield return line;
            }

            inFacts &= line != Fence;
        }
    }

    private static void Close(List<string> output, ParameterFacts? parameter)
    {
        if (parameter is null)
        {
            return;
        }

        while (output[^1].Length == 0)
        {
            output.RemoveAt(output.Count - 1);
        }

        output.AddRange(["", Fence + "yaml", .. Lines(parameter), Fence, ""]);
    }

    private static IEnumerable<string> Lines(ParameterFacts parameter)
    {
        yield return $"Type: {parameter.Type}";
        yield return $"Parameter Sets: {string.Join(", ", parameter.Uses.Select(use => use.SetName == CmdletFacts.EverySet ? "(All)" : use.SetName))}";
        yield return $"Aliases: {string.Join(", ", parameter.Aliases)}".TrimEnd();
        if (parameter.Values.Count > 0)
        {
            yield return $"Accepted values: {string.Join(", ", parameter.Values)}";
        }

        yield return "";
        yield return $"Required: {parameter.IsMandatory}";
        yield return $"Position: {parameter.Position?.ToString(CultureInfo.InvariantCulture) ?? "Named"}";
        yield return $"Default value: {parameter.Default}";
        yield return $"Accept pipeline input: {(parameter.TakesPipeline ? "True (ByValue)" : "False")}";
        yield return $"Accept wildcard characters: {parameter.TakesWildcards}";
    }

    private static IEnumerable<string> Syntax(CmdletFacts facts)
    {
        foreach (var set in facts.Sets)
        {
            if (set != CmdletFacts.EverySet)
            {
                yield return $"### {set}{(set == facts.DefaultSet ? " (Default)" : "")}";
                yield return "";
            }

            yield return Fence + "text";
            foreach (var line in Wrap([facts.Name, .. facts.In(set).Select(member => Spell(member.Parameter, member.Use)), "[<CommonParameters>]"]))
            {
                yield return line;
            }

            yield return Fence;
            yield return "";
        }
    }

    private static string Spell(ParameterFacts parameter, ParameterUse use)
    {
        var name = use.Position is null ? $"-{parameter.Name}" : $"[-{parameter.Name}]";
        var text = parameter.IsSwitch ? name : $"{name} <{parameter.Type}>";
        return use.IsMandatory ? text : $"[{text}]";
    }

    private static IEnumerable<string> Wrap(IEnumerable<string> words)
    {
        var line = "";
        foreach (var word in words)
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > 110)
            {
                yield return line;
                line = "   ";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        yield return line;
    }
}
