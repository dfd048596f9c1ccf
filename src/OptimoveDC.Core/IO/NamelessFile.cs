namespace OptimoveDC.Core.IO;

/// <summary>Temporary files that nobody else may read, and that are gone when they are closed.</summary>
internal static class NamelessFile
{
    /// <summary>Makes a file in the folder for temporary files. Nothing is buffered.</summary>
    /// <param name="purpose">What it is for; a part of its name, where it keeps one.</param>
    /// <exception cref="IOException">It can't be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    internal static FileStream Create(string purpose)
    {
        var path = Path.Combine(Path.GetTempPath(), $"optimove-{purpose}-{Guid.NewGuid():N}.tmp");
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.DeleteOnClose,
            BufferSize = 0,
        };
        if (OperatingSystem.IsWindows())
        {
            return new FileStream(path, options);
        }

        options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(path, options);

        // Without its name it is gone even when the process is killed.
        File.Delete(path);
        return file;
    }
}
