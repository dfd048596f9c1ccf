using System.Globalization;
using System.Security;
using System.Text;
using OptimoveDC.Picture.Terminal;

namespace OptimoveDC.Picture;

/// <summary>
/// Draws a screen as an animation that runs for ever. Where nothing moves, it is a moment two thirds through: the progress is
/// what the picture is of.
/// </summary>
internal static class SvgPicture
{
    private const double CharacterWidth = 8.43;
    private const int LineHeight = 19;
    private const int Margin = 16;
    private const int FontSize = 14;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    internal static string Draw(TerminalScreen screen, string title)
    {
        var total = screen.End + Rest;
        var progress = screen.Lines.Where(line => line.Until is not null && line.Spans.Any(span => span.Text.StartsWith("Loading ", StringComparison.Ordinal))).ToList();
        var still = progress.Count == 0 ? screen.End : progress[progress.Count * 2 / 3].From;
        var width = (int)Math.Ceiling(screen.Columns * CharacterWidth) + (2 * Margin);
        var height = ((screen.LastRow + 1) * LineHeight) + (2 * Margin);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $$"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{width}} {{height}}" width="{{width}}" height="{{height}}" role="img" aria-label="{{SecurityElement.Escape(title)}}">
            <!-- Made by tests/OptimoveDC.Picture, from a real run. -->
            <title>{{SecurityElement.Escape(title)}}</title>
            <style>
            text {font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#e6edf3;white-space:pre}
            .c0 {fill:#6e7681} .c1, .c61 {fill:#ff7b72} .c2, .c62 {fill:#7ee787} .c3, .c63 {fill:#e3b341} .c4, .c64 {fill:#79c0ff} .c5, .c65 {fill:#d2a8ff} .c6, .c66 {fill:#56d4dd}
            </style>
            <rect width="100%" height="100%" rx="8" fill="#161b22"/>

            """);
        foreach (var line in screen.Lines)
        {
            var isStill = line.From <= still && (line.Until is null || line.Until > still);
            svg.Append(CultureInfo.InvariantCulture, $"<g visibility=\"{(isStill ? "visible" : "hidden")}\">");
            AppendTimes(svg, line, total);
            foreach (var span in line.Spans.Where(span => !string.IsNullOrWhiteSpace(span.Text)))
            {
                var color = span.Color.Length == 0 ? "" : $" class=\"{span.Color}\"";
                svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Margin + (span.Column * CharacterWidth):F1}\" y=\"{Margin + (line.Row * LineHeight) + FontSize}\" textLength=\"{span.Text.Length * CharacterWidth:F1}\"{color}>{SecurityElement.Escape(span.Text)}</text>");
            }

            svg.Append("</g>\n");
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void AppendTimes(StringBuilder svg, ScreenLine line, TimeSpan total)
    {
        var from = line.From / total;
        var (values, times) = (from > 0, line.Until) switch
        {
            (false, null) => ("visible", "0"),
            (true, null) => ("hidden;visible", string.Create(CultureInfo.InvariantCulture, $"0;{from:F4}")),
            (false, { } until) => ("visible;hidden", string.Create(CultureInfo.InvariantCulture, $"0;{until / total:F4}")),
            (true, { } until) => ("hidden;visible;hidden", string.Create(CultureInfo.InvariantCulture, $"0;{from:F4};{until / total:F4}")),
        };
        svg.Append(CultureInfo.InvariantCulture, $"<animate attributeName=\"visibility\" calcMode=\"discrete\" dur=\"{total.TotalSeconds:F1}s\" repeatCount=\"indefinite\" values=\"{values}\" keyTimes=\"{times}\"/>");
    }
}
