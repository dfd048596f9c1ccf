using System.Security.Cryptography;
using System.Text;
using OptimoveDC.Core.IO;

namespace OptimoveDC.Core.Loading.Checkpoints;

/// <summary>Where checkpoints lie that nobody chose a place for: the user's local application data.</summary>
public static class CheckpointStore
{
    private const string Extension = ".checkpoint";

    /// <summary>The folder; it may not exist yet.</summary>
    public static string Folder => UserFolder.PathOf("imports");

    /// <summary>The file for an import of a source to a connection: the same whenever both are.</summary>
    /// <param name="source">The full path of the file that is imported.</param>
    /// <param name="connectionId">The Data Connection.</param>
    public static string PathFor(string source, Guid connectionId)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{connectionId:D}\n{Path.GetFullPath(source)}"));
        return Path.Combine(Folder, Convert.ToHexString(hash.AsSpan(0, 16)).ToLowerInvariant() + Extension);
    }

    /// <summary>The files that are there, oldest first.</summary>
    public static IReadOnlyList<string> List() => Directory.Exists(Folder)
        ? [.. Directory.EnumerateFiles(Folder, "*" + Extension).OrderBy(File.GetLastWriteTimeUtc)]
        : [];
}
