using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace OptimoveDC.Cmdlets.Completion;

/// <summary>
/// What all completers have in common: they suggest what starts with what was typed, they never speak to the network,
/// and whatever goes wrong, they suggest nothing rather than spoil a half-typed line with an error.
/// </summary>
public abstract class Completer : IArgumentCompleter
{
    private static readonly char[] Quotes = ['\'', '"'];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            var typed = (wordToComplete ?? "").Trim(Quotes);
            return
            [
                .. from suggestion in Suggest(commandAst, fakeBoundParameters ?? new Hashtable())
                   where suggestion.Text.StartsWith(typed, StringComparison.OrdinalIgnoreCase)
                   select new CompletionResult(suggestion.Replacement, suggestion.Text, CompletionResultType.ParameterValue, suggestion.ToolTip),
            ];
        }
        catch (Exception)
        {
            return [];
        }
    }

    /// <summary>All there is to suggest.</summary>
    private protected abstract IEnumerable<Suggestion> Suggest(CommandAst command, IDictionary bound);
}
