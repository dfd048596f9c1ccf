namespace OptimoveDC;

/// <summary>What an empty field of a source is sent as.</summary>
public enum EmptyValue
{
    /// <summary>An empty string. A column typed Number, Boolean or Json can't hold one: its record is rejected.</summary>
    Text,

    /// <summary>A JSON null.</summary>
    Null,

    /// <summary>Nothing: the record goes without that field.</summary>
    Omit,
}
