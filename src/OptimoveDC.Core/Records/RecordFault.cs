namespace OptimoveDC.Core.Records;

/// <summary>What is wrong with a record that is refused before it is sent.</summary>
public enum RecordFault
{
    /// <summary>A value can't be sent as it is, or not as the type that was asked for.</summary>
    Value,

    /// <summary>The record as such can't be read: not JSON, not an object, a field twice.</summary>
    Malformed,

    /// <summary>The row has more fields than the header, or fewer.</summary>
    Ragged,

    /// <summary>There is no primary key: no such field, or null in it.</summary>
    KeyMissing,

    /// <summary>The primary key is empty, or nothing but white space.</summary>
    KeyBlank,

    /// <summary>The primary key is there and can't be one.</summary>
    KeyInvalid,
}
