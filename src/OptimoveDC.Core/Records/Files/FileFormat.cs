namespace OptimoveDC.Core.Records.Files;

/// <summary>What a file of records is written in.</summary>
internal enum FileFormat
{
    /// <summary>Rows of fields with a delimiter between them, under a header.</summary>
    Delimited,

    /// <summary>One JSON array of objects.</summary>
    JsonArray,

    /// <summary>One JSON object a line.</summary>
    JsonLines,
}
