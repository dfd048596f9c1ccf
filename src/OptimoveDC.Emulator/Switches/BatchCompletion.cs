namespace OptimoveDC.Emulator;

/// <summary>What a completed batch does to the records the connection already holds.</summary>
public enum BatchCompletion
{
    /// <summary>Its records are added; a record of the same key is replaced, others stay.</summary>
    Merge,

    /// <summary>It becomes the whole content: records that are not in it are gone.</summary>
    Replace,
}
