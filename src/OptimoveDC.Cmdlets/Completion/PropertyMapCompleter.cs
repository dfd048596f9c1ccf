using System.Management.Automation.Language;

namespace OptimoveDC.Cmdlets.Completion;

/// <summary>For -PropertyMap: <c>@{ 'Customer No' = 'Customer No' }</c>, with the new name to be mended.</summary>
public sealed class PropertyMapCompleter : ColumnTableCompleter
{
    private protected override string ValueFor(string column) => $"'{CodeGeneration.EscapeSingleQuotedStringContent(column)}'";
}
