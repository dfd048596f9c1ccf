namespace OptimoveDC.Core.IO;

/// <summary>Files that hold what concerns nobody but the user: on Unix, theirs alone.</summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnerAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>
    /// Opens a file for writing, and makes its folder where that is missing. Nothing is buffered: what can't be written
    /// fails where it is written, and not once more when the file is closed.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="mode">How it is opened.</param>
    /// <param name="share">What others may do with it meanwhile.</param>
    /// <exception cref="IOException">It can't be written, or is in use.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    internal static FileStream Open(string path, FileMode mode, FileShare share)
    {
        CreateFolderOf(path);
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows() && mode != FileMode.Open)
        {
            options.UnixCreateMode = OwnerAlone;
        }

        return new FileStream(path, options);
    }

    /// <summary>Writes at the end of what was written before.</summary>
    /// <exception cref="IOException">It can't be written, or not whole.</exception>
    internal static void Write(FileStream file, ReadOnlySpan<byte> bytes)
    {
        try
        {
            file.Write(bytes);
        }
        catch (ArgumentOutOfRangeException exception)
        {
            // What the framework makes of a file that reaches a limit of the system or of a quota.
            throw new IOException("the file may not become any larger", exception);
        }
    }

    private static void CreateFolderOf(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (string.IsNullOrEmpty(folder) || Directory.Exists(folder))
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            // Those above it first: the framework gives the mode to the last folder alone.
            CreateFolderOf(folder);
            Directory.CreateDirectory(folder, OwnerAlone | UnixFileMode.UserExecute);
        }
    }
}
