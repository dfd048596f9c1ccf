using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace OptimoveDC.Picture;

/// <summary>A command, run in a terminal of its own, and what it wrote there at which moment. Needs util-linux's <c>script</c>.</summary>
internal static class TerminalRecording
{
    /// <summary>Runs a command to its end.</summary>
    /// <param name="command">The command, for a shell.</param>
    /// <param name="columns">The width of the terminal.</param>
    /// <param name="rows">Its height.</param>
    /// <returns>Each piece of output with its time since the first.</returns>
    /// <exception cref="InvalidOperationException">The command failed.</exception>
    internal static IReadOnlyList<(TimeSpan Time, string Text)> Run(string command, int columns, int rows)
    {
        var folder = Directory.CreateTempSubdirectory("picture-");
        try
        {
            var output = Path.Combine(folder.FullName, "output");
            var timing = Path.Combine(folder.FullName, "timing");
            var start = new ProcessStartInfo("script",
            [
                "--quiet", "--flush", "--return", "--logging-format", "classic", "--log-out", output, "--log-timing", timing,
                "--command", string.Create(CultureInfo.InvariantCulture, $"stty cols {columns} rows {rows}; exec {command}"),
            ])
            { RedirectStandardOutput = true };
            start.Environment["TERM"] = "xterm-256color";
            start.Environment.Remove("NO_COLOR");
            using var process = Process.Start(start)!;
            var shown = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0
                ? Read(File.ReadAllBytes(output), File.ReadAllLines(timing))
                : throw new InvalidOperationException($"The command ended with {process.ExitCode}:\n{shown}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static List<(TimeSpan Time, string Text)> Read(byte[] output, string[] timing)
    {
        // The first line is the recorder's own, and not in the timing.
        var at = Array.IndexOf(output, (byte)'\n') + 1;
        var time = TimeSpan.Zero;
        var pieces = new List<(TimeSpan, string)>();
        var decoder = Encoding.UTF8.GetDecoder();
        foreach (var line in timing)
        {
            var fields = line.Split(' ');
            var length = int.Parse(fields[1], CultureInfo.InvariantCulture);
            if (pieces.Count > 0)
            {
                time += TimeSpan.FromSeconds(double.Parse(fields[0], CultureInfo.InvariantCulture));
            }

            var characters = new char[length];
            var count = decoder.GetChars(output.AsSpan(at, length), characters, flush: false);
            pieces.Add((time, new string(characters, 0, count)));
            at += length;
        }

        return pieces;
    }
}
