using System.Data;

namespace OptimoveDC.Cmdlets.Tests.Tables;

/// <summary>Tables for tests: a key, a number, and text.</summary>
public static class CustomerTable
{
    public static DataTable Of(int count)
    {
        var table = new DataTable("customers");
        table.Columns.Add("user_id", typeof(string));
        table.Columns.Add("visits", typeof(int));
        table.Columns.Add("city", typeof(string));
        for (var number = 1; number <= count; number++)
        {
            table.LoadDataRow([$"k{number}", number, number % 3 == 0 ? DBNull.Value : $"c{number}"], fAcceptChanges: true);
        }

        return table;
    }

    public static DataTable WithColumns(params string[] names)
    {
        var table = new DataTable("odd");
        foreach (var name in names)
        {
            table.Columns.Add(name, typeof(string));
        }

        table.Rows.Add([.. names]);
        return table;
    }
}
