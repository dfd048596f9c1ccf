using System.Globalization;
using System.Management.Automation.Runspaces;

namespace OptimoveDC.Demo.Hosting;

/// <summary>Reads a command line as <c>pwsh -File</c> does.</summary>
internal static class ScriptArguments
{
    internal static IEnumerable<CommandParameter> Parse(IEnumerable<string> arguments)
    {
        foreach (var argument in arguments)
        {
            if (!IsParameterName(argument))
            {
                yield return new CommandParameter(null, argument);
                continue;
            }

            // A name that keeps its dash and has no value is bound by the engine: it knows which are switches.
            var colon = argument.IndexOf(':', StringComparison.Ordinal);
            yield return colon < 0
                ? new CommandParameter(argument)
                : new CommandParameter(argument[..colon], Literal(argument[(colon + 1)..]));
        }
    }

    // A negative number is a value.
    private static bool IsParameterName(string argument) =>
        argument.Length > 1 && argument[0] == '-' && !double.TryParse(argument, CultureInfo.InvariantCulture, out _);

    private static object Literal(string text) => text.ToUpperInvariant() switch
    {
        "$TRUE" => true,
        "$FALSE" => false,
        _ => text,
    };
}
