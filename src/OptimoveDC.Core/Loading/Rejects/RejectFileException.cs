namespace OptimoveDC.Core.Loading.Rejects;

/// <summary>A rejected record could not be written to the file that the user asked for.</summary>
/// <param name="path">The file.</param>
/// <param name="inner">What the system said.</param>
public sealed class RejectFileException(string path, Exception inner)
    : Exception($"The reject file {path} can't be written: {inner.Message.TrimEnd('.')}", inner)
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;
}
