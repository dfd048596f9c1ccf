using System.Security.Cryptography;
using System.Text;
using OptimoveDC.Core.IO;
using OptimoveDC.Core.Loading.Shards;

namespace OptimoveDC.Core.Loading.Checkpoints;

/// <summary>Where checkpoints lie that nobody chose a place for: the user's local application data.</summary>
public static class CheckpointStore
{
    private const string Extension = ".checkpoint";

    /// <summary>The folder; it may not exist yet.</summary>
    public static string Folder => UserFolder.PathOf("imports");

    /// <summary>The file for an import of a source to a connection: the same whenever both are, and the number of the shard is.</summary>
    /// <param name="source">The full path of the file that is imported.</param>
    /// <param name="connectionId">The Data Connection.</param>
    /// <param name="shard">The part of the source that is imported; null for all of it.</param>
    public static string PathFor(string source, Guid connectionId, Shard? shard)
    {
        var part = shard is null ? "" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"\n{shard.Index}");
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{connectionId:D}\n{Path.GetFullPath(source)}{part}"));
        return Path.Combine(Folder, Convert.ToHexString(hash.AsSpan(0, 16)).ToLowerInvariant() + Extension);
    }

    /// <summary>The files that are there, oldest first.</summary>
    public static IReadOnlyList<string> List() => Directory.Exists(Folder)
        ? [.. Directory.EnumerateFiles(Folder, "*" + Extension).OrderBy(File.GetLastWriteTimeUtc)]
        : [];
}
