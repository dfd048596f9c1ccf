namespace OptimoveDC.Core.Records.Columns;

/// <summary>A field of the records that are sent, and who filled it last.</summary>
internal sealed class ColumnTarget
{
    internal long Record { get; private set; }

    internal Column? Column { get; private set; }

    /// <summary>Takes the field for a column in a record.</summary>
    /// <returns>The column that has taken it in this record already; null when none has.</returns>
    internal Column? Take(Column column, long record)
    {
        if (Record == record)
        {
            return Column;
        }

        Record = record;
        Column = column;
        return null;
    }
}
