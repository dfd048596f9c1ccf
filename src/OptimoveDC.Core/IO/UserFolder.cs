namespace OptimoveDC.Core.IO;

/// <summary>The module's own folder in the user's local application data.</summary>
internal static class UserFolder
{
    /// <summary>A path in it; nothing is made.</summary>
    internal static string PathOf(params ReadOnlySpan<string> parts) => Path.Combine(
        [Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "OptimoveDC", .. parts]);
}
