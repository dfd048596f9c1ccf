using System.Collections;
using System.Management.Automation.Language;

namespace OptimoveDC.Cmdlets.Completion;

/// <summary>The columns of the file that is to be read: the cmdlet's own, or the one that <c>Import-Csv</c> reads for it.</summary>
public sealed class ColumnNameCompleter : Completer
{
    private protected override IEnumerable<Suggestion> Suggest(CommandAst command, IDictionary bound) =>
        from name in SourceColumns.Find(command, bound)
        select new Suggestion(name, Suggestion.Quote(name), name);
}
