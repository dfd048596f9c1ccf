namespace OptimoveDC;

/// <summary>What the text of a column is sent as.</summary>
public enum ColumnType
{
    /// <summary>A JSON string, character for character. The type of every column that is not named otherwise.</summary>
    Text,

    /// <summary>A JSON number with the digits of the source: <c>1.50</c> is sent as <c>1.50</c>.</summary>
    Number,

    /// <summary><c>true</c> or <c>false</c>, whatever their case.</summary>
    Boolean,

    /// <summary>A JSON value of any kind, sent as it stands.</summary>
    Json,
}
