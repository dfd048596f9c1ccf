namespace OptimoveDC.Cmdlets.Completion;

/// <summary>For -ColumnType: <c>@{ amount = 'Number' }</c>.</summary>
public sealed class ColumnTypeCompleter : ColumnTableCompleter
{
    private protected override string ValueFor(string column) => $"'{ColumnType.Number}'";
}
