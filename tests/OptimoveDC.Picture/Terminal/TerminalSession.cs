using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace OptimoveDC.Picture.Terminal;

/// <summary>
/// A program in a terminal of its own, with a screen and a keyboard. The terminal is that of util-linux's <c>script</c>, so
/// there is one on Linux alone.
/// </summary>
internal sealed class TerminalSession : IAsyncDisposable
{
    private readonly Process _process;
    private readonly TerminalScreen _screen;
    private readonly Lock _gate = new();
    private readonly Task _showing;

    private TerminalSession(Process process, TerminalScreen screen)
    {
        _process = process;
        _screen = screen;
        _showing = ShowAsync();
    }

    /// <summary>Why there can be no session on this machine; null when there can.</summary>
    internal static string? MissingReason { get; } = FindMissing();

    /// <summary>Starts a program.</summary>
    /// <param name="command">The command line, for <c>sh</c>.</param>
    /// <param name="columns">The width of the terminal.</param>
    /// <param name="rows">Its height.</param>
    /// <param name="environment">What the program's environment has differently; null takes a variable out.</param>
    internal static TerminalSession Start(string command, int columns, int rows, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo("script",
        [
            "--quiet", "--flush", "--return", "--log-out", "/dev/null",
            "--command", string.Create(CultureInfo.InvariantCulture, $"stty cols {columns} rows {rows}; exec {command}"),
        ])
        { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["TERM"] = "xterm-256color";
        start.Environment.Remove("NO_COLOR");
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        return new TerminalSession(Process.Start(start)!, new TerminalScreen(columns, rows));
    }

    /// <summary>Looks at the screen; it doesn't change meanwhile.</summary>
    internal T Look<T>(Func<TerminalScreen, T> look)
    {
        lock (_gate)
        {
            return look(_screen);
        }
    }

    /// <summary>Presses keys: text, <c>\r</c> for Enter, <c>\u0003</c> for Ctrl+C.</summary>
    internal void Type(string keys)
    {
        lock (_gate)
        {
            Send(keys);
        }
    }

    /// <summary>Waits for the program's end.</summary>
    /// <returns>Its exit code.</returns>
    internal async Task<int> WaitForExitAsync()
    {
        await _showing;
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _showing;
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task ShowAsync()
    {
        var clock = new Stopwatch();
        var decoder = Encoding.UTF8.GetDecoder();
        var (bytes, characters) = (new byte[4096], new char[4096]);
        for (int length; (length = await _process.StandardOutput.BaseStream.ReadAsync(bytes)) > 0;)
        {
            var text = new string(characters, 0, decoder.GetChars(bytes.AsSpan(0, length), characters, flush: false));
            lock (_gate)
            {
                Send(_screen.Write(clock.Elapsed, text));
            }

            // Times count from the first piece.
            clock.Start();
        }
    }

    private void Send(string keys)
    {
        if (keys.Length == 0)
        {
            return;
        }

        try
        {
            _process.StandardInput.Write(keys);
            _process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // The program has ended; its last question needs no answer.
        }
    }

    private static string? FindMissing()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "A pseudo-terminal is made by util-linux's script, which is for Linux.";
        }

        try
        {
            using var process = Process.Start(new ProcessStartInfo("script", ["--version"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var version = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return version.Contains("util-linux", StringComparison.Ordinal) ? null : "The script on this machine is not that of util-linux.";
        }
        catch (Win32Exception)
        {
            return "util-linux's script, which makes a pseudo-terminal, is not on this machine.";
        }
    }
}
