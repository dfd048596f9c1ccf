namespace OptimoveDC.Core.Records;

/// <summary>A source can't be read, or not to its end.</summary>
public sealed class SourceException : Exception
{
    /// <summary>Names the source, the line where there is one, and the reason.</summary>
    /// <param name="source">The file.</param>
    /// <param name="line">The line, from 1; null when the source as a whole is meant.</param>
    /// <param name="reason">What is wrong, as the end of a sentence.</param>
    /// <param name="inner">What the reader said.</param>
    public SourceException(string source, long? line, string reason, Exception? inner = null)
        : base(line is { } number ? $"{source}, line {number}: {reason}." : $"{source}: {reason}.", inner)
    {
        SourceName = source;
        Line = line;
    }

    /// <summary>The file.</summary>
    public string SourceName { get; }

    /// <summary>The line, from 1; null when the source as a whole is meant.</summary>
    public long? Line { get; }
}
