using System.Management.Automation;
using OptimoveDC.Cmdlets.Errors;

namespace OptimoveDC.Cmdlets.Loading;

/// <summary>Finds the files that -Path and -LiteralPath name.</summary>
internal sealed class SourceFiles(PSCmdlet cmdlet)
{
    private const string FileSystem = "FileSystem";
    private const int MostLinks = 40;

    /// <summary>Files by name or wildcard, in the order of the names and sorted within a wildcard.</summary>
    internal List<string> Resolve(IEnumerable<string> paths)
    {
        var files = new List<string>();
        foreach (var path in paths)
        {
            files.AddRange(ResolveOne(path));
        }

        return files;
    }

    /// <summary>Files by names taken as they stand.</summary>
    internal List<string> ResolveLiteral(IEnumerable<string> paths)
    {
        var files = new List<string>();
        foreach (var path in paths)
        {
            var file = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
            CheckProvider(path, provider);
            files.Add(File.Exists(file) || Directory.Exists(file) ? file : throw NotFound(path));
        }

        return files;
    }

    /// <summary>Whether two paths are one file, by themselves or through links.</summary>
    internal static bool AreSame(string one, string other) =>
        Target(one).Equals(Target(other), OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase);

    // The folders first, then the file: any of them may be a link.
    private static string Target(string path, int depth = 0)
    {
        var full = Path.GetFullPath(path);
        if (Path.GetDirectoryName(full) is not { } folder || depth > MostLinks)
        {
            return full;
        }

        var inFolder = Path.Combine(Target(folder, depth), Path.GetFileName(full));
        try
        {
            return new FileInfo(inFolder).ResolveLinkTarget(returnFinalTarget: true) is { } target ? Target(target.FullName, depth + 1) : inFolder;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Whoever opens the file says what is wrong with it.
            return inFolder;
        }
    }

    private IEnumerable<string> ResolveOne(string path)
    {
        System.Collections.ObjectModel.Collection<string> found;
        try
        {
            found = cmdlet.SessionState.Path.GetResolvedProviderPathFromPSPath(path, out var provider);
            CheckProvider(path, provider);
        }
        catch (ItemNotFoundException)
        {
            throw NotFound(path);
        }

        if (found.Count == 0)
        {
            throw NotFound(path);
        }

        // A wildcard means files: a folder that happens to match is none.
        return WildcardPattern.ContainsWildcardCharacters(path)
            ? found.Where(file => !Directory.Exists(file)).Order(StringComparer.Ordinal)
            : found;
    }

    private void CheckProvider(string path, ProviderInfo provider)
    {
        if (provider.Name != FileSystem)
        {
            throw Terminate($"it is not a file, it belongs to the provider {provider.Name}", path);
        }
    }

    private PipelineStoppedException NotFound(string path) => Terminate("there is no such file", path);

    private PipelineStoppedException Terminate(string reason, string path)
    {
        cmdlet.ThrowTerminatingError(ErrorRecords.Source(new Core.Records.SourceException(path, null, reason), path));
        return new PipelineStoppedException();
    }
}
