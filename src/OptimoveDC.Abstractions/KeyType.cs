namespace OptimoveDC;

/// <summary>How the values of a primary key are written: the same way in upload, update and delete.</summary>
public enum KeyType
{
    /// <summary>A number stays a JSON number, a text stays a JSON string. Text from a CSV file is a string.</summary>
    AsGiven,

    /// <summary>Every key is sent as a JSON string: <c>54490</c> becomes <c>"54490"</c>.</summary>
    String,

    /// <summary>Every key is sent as a JSON number, its digits unchanged. A key that is no JSON number (<c>007</c>) is rejected.</summary>
    Number,
}
