namespace OptimoveDC.Core.Records.Inspection;

/// <summary>What a text looks like.</summary>
internal enum TextForm : byte
{
    /// <summary>A number as JSON writes it, with no more digits than others can hold.</summary>
    Number,

    /// <summary>A number with a comma for decimals.</summary>
    CommaNumber,

    /// <summary>Digits that are a code and no number: leading zeros, or more digits than a number keeps.</summary>
    Code,

    /// <summary>A date of ISO 8601: <c>2026-01-02</c>, with or without a time.</summary>
    IsoDate,

    /// <summary>A date in another order: <c>2.1.2026</c>, <c>1/2/2026</c>.</summary>
    OtherDate,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary><c>yes</c> or <c>no</c>.</summary>
    YesNo,

    /// <summary>Anything else.</summary>
    Other,
}
