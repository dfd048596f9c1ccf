using System.Diagnostics;

namespace OptimoveDC.Benchmarks.Streaming;

/// <summary>A FIFO in the file system: a file for whoever reads it, that is nowhere in full.</summary>
internal sealed class NamedPipe : IDisposable
{
    private NamedPipe(string path) => Path = path;

    internal string Path { get; }

    /// <summary>Makes one; there is none of its kind on Windows.</summary>
    internal static NamedPipe Create(string path)
    {
        using var process = Process.Start("mkfifo", ["-m", "600", path]);
        process.WaitForExit();
        return process.ExitCode == 0 ? new NamedPipe(path) : throw new InvalidOperationException($"mkfifo ended with {process.ExitCode}.");
    }

    public void Dispose() => File.Delete(Path);
}
