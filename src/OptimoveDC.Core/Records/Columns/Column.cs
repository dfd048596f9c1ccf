namespace OptimoveDC.Core.Records.Columns;

/// <summary>A column of a source without a header: what is known of it as soon as its name has been seen once.</summary>
public sealed class Column
{
    internal Column(string sourceName, RecordField? field, KeyMatch keyMatch, ColumnTarget target)
    {
        SourceName = sourceName;
        Field = field;
        KeyMatch = keyMatch;
        Target = target;
    }

    /// <summary>Its name in the source.</summary>
    public string SourceName { get; }

    /// <summary>How it is sent; null when it isn't.</summary>
    public RecordField? Field { get; }

    /// <summary>Whether it can be the primary key.</summary>
    public KeyMatch KeyMatch { get; }

    /// <summary>The field that it becomes; columns that are sent under one name share it.</summary>
    internal ColumnTarget Target { get; }

    /// <summary>Takes the field that the column is sent as, in a record.</summary>
    /// <param name="record">The record, by a number of its own.</param>
    /// <returns>The column that has taken the field in this record already; null when none has.</returns>
    public Column? Claim(long record) => Target.Take(this, record);

    /// <summary>Whether the next record with that name gets this very column. Beyond some ten thousand names it does not.</summary>
    internal bool IsKept { get; set; }

    /// <summary>The last record that had it.</summary>
    internal long LastRecord { get; set; }
}
