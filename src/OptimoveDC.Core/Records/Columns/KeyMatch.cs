namespace OptimoveDC.Core.Records.Columns;

/// <summary>How well a column's name answers to the name that the key's column was asked for by.</summary>
public enum KeyMatch
{
    /// <summary>It is another.</summary>
    None,

    /// <summary>It differs in case alone.</summary>
    Similar,

    /// <summary>It is the very name.</summary>
    Exact,
}
