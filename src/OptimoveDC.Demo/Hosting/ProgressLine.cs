using System.Diagnostics;
using System.Management.Automation;

namespace OptimoveDC.Demo.Hosting;

/// <summary>The latest progress, in one line that is overwritten. A terminal only: in a log it would be noise.</summary>
internal sealed class ProgressLine
{
    // Drawing is slower than loading: a screen that changes ten times a second is fast enough.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly bool _enabled = !Console.IsOutputRedirected;
    private readonly Stopwatch _sinceDrawn = new();
    private readonly Lock _gate = new();
    private bool _isDrawn;

    internal void Show(ProgressRecord record)
    {
        if (!_enabled)
        {
            return;
        }

        lock (_gate)
        {
            if (record.RecordType == ProgressRecordType.Completed)
            {
                Erase();
                return;
            }

            if (_isDrawn && _sinceDrawn.Elapsed < Interval)
            {
                return;
            }

            var percent = record.PercentComplete >= 0 ? $" {record.PercentComplete} %" : string.Empty;
            var text = $"{record.Activity}:{percent} {record.StatusDescription}";
            var width = Math.Max(Console.WindowWidth - 1, 20);
            Erase();
            Console.Out.Write(text.Length > width ? text[..width] : text);
            _isDrawn = true;
            _sinceDrawn.Restart();
        }
    }

    internal void Clear()
    {
        lock (_gate)
        {
            Erase();
        }
    }

    private void Erase()
    {
        if (_isDrawn)
        {
            Console.Out.Write("\r\u001b[K");
            _isDrawn = false;
        }
    }
}
