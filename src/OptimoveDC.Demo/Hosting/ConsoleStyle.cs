using System.Management.Automation;
using System.Management.Automation.Internal;

namespace OptimoveDC.Demo.Hosting;

/// <summary>Colours, where a terminal will show them.</summary>
internal sealed class ConsoleStyle
{
    private readonly bool _errorColours;

    internal ConsoleStyle()
    {
        // https://no-color.org: set to anything but nothing.
        var wanted = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        Colours = wanted && !Console.IsOutputRedirected;
        _errorColours = wanted && !Console.IsErrorRedirected;
    }

    /// <summary>True when standard output is a terminal and colours are wanted.</summary>
    internal bool Colours { get; }

    internal string Paint(ConsoleColor colour, string text) =>
        Colours ? PSStyle.MapForegroundColorToEscapeSequence(colour) + text + PSStyle.Instance.Reset : text;

    internal string PaintError(string text) =>
        _errorColours ? PSStyle.Instance.Formatting.Error + text + PSStyle.Instance.Reset : Plain(text);

    /// <summary>The text as standard output should get it: the engine colours tables whatever the host says.</summary>
    internal string Fit(string text) => Colours ? text : Plain(text);

    private static string Plain(string text) => new StringDecorated(text).ToString(OutputRendering.PlainText);
}
