namespace OptimoveDC.Cmdlets.Tests.Help;

/// <summary>
/// Parameters whose help is written before they are: an entry may go when its parameter is there, and has to go before
/// a release.
/// </summary>
internal static class Announced
{
    internal static IReadOnlyList<string> Parameters(string cmdlet) => cmdlet switch
    {
        "Connect-Optimove" => ["RequestsPerSecond"],
        _ => [],
    };
}
