using System.Collections;
using System.Management.Automation.Language;

namespace OptimoveDC.Cmdlets.Completion;

/// <summary>A table with a column of the file in it, for the parameters that take a table: it is quicker mended than typed.</summary>
public abstract class ColumnTableCompleter : Completer
{
    /// <summary>What stands there for a column.</summary>
    private protected abstract string ValueFor(string column);

    private protected override IEnumerable<Suggestion> Suggest(CommandAst command, IDictionary bound) =>
        from name in SourceColumns.Find(command, bound)
        let table = $"@{{ {Suggestion.Quote(name)} = {ValueFor(name)} }}"
        select new Suggestion(table, table, name);
}
