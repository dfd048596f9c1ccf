namespace OptimoveDC;

/// <summary>What a test of a source found. The first six are rejects: the import would refuse those records by itself.</summary>
public enum DataFindingKind
{
    /// <summary>A record without a primary key.</summary>
    MissingKey,

    /// <summary>A record whose primary key is empty or blank.</summary>
    BlankKey,

    /// <summary>A record whose primary key can't be one.</summary>
    InvalidKey,

    /// <summary>A row with more fields than the header, or fewer.</summary>
    RaggedRow,

    /// <summary>A record that can't be read as one.</summary>
    MalformedRecord,

    /// <summary>A value that can't be sent, or not as the type that was asked for.</summary>
    InvalidValue,

    /// <summary>The source can't be read, or not to its end.</summary>
    UnreadableSource,

    /// <summary>A warning: an earlier record has the very same key, and is replaced by this one.</summary>
    DuplicateKey,

    /// <summary>A warning: an earlier key differs from this one only in leading zeros, case, white space, type or the form of its characters.</summary>
    NearDuplicateKey,

    /// <summary>A warning: some keys are numbers, others text.</summary>
    MixedKeyTypes,

    /// <summary>A warning: a column looks like numbers and is sent as text.</summary>
    NumberAsText,

    /// <summary>A warning: a column looks like dates, which are always sent as text, as they stand.</summary>
    DateAsText,

    /// <summary>A warning: a column looks like booleans and is sent as text.</summary>
    BooleanAsText,

    /// <summary>A warning: a record is larger than a request should be, and goes alone.</summary>
    OversizedRecord,

    /// <summary>A warning: a value has characters that a wrong encoding or a broken export leaves behind.</summary>
    SuspectCharacter,

    /// <summary>A warning: a parameter names a column that no record had.</summary>
    UnknownColumn,
}
