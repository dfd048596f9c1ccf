using System.Globalization;
using System.Management.Automation;
using OptimoveDC.Core.Sync;

namespace OptimoveDC.Cmdlets.Synchronizing;

/// <summary>Shows how far a sync is, five times a second at most.</summary>
internal sealed class SyncProgressBar(PSCmdlet cmdlet, string source, TimeProvider time)
{
    private const int Activity = 1;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    // What is over sooner needs no bar.
    private static readonly TimeSpan BeforeFirst = TimeSpan.FromMilliseconds(500);

    private long _lastShown = time.GetTimestamp();
    private bool _isShown;

    /// <summary>The sync; null while its source is only being kept.</summary>
    internal Synchronization? Sync { get; set; }

    /// <summary>What keeps a source that is read only once; null for others.</summary>
    internal RecordSpool? Spool { get; set; }

    private string Title => $"Syncing {Path.GetFileName(source)}";

    /// <summary>Shows an update, unless the last one was just before.</summary>
    internal void Update()
    {
        if (time.GetElapsedTime(_lastShown) < (_isShown ? Interval : BeforeFirst))
        {
            return;
        }

        _lastShown = time.GetTimestamp();
        _isShown = true;
        cmdlet.WriteProgress(new ProgressRecord(Activity, Title, Describe()));
    }

    /// <summary>Takes the bar away, if it was ever shown.</summary>
    internal void Complete()
    {
        if (_isShown)
        {
            _isShown = false;
            cmdlet.WriteProgress(new ProgressRecord(Activity, Title, "Done") { RecordType = ProgressRecordType.Completed });
        }
    }

    private string Describe()
    {
        if (Sync is null)
        {
            return string.Create(CultureInfo.CurrentCulture, $"{Spool?.Read ?? 0:N0} records read");
        }

        if (Sync.CurrentLoad is not { } load)
        {
            return string.Create(CultureInfo.CurrentCulture, $"{Sync.Read:N0} records read and compared");
        }

        var progress = load.Progress;
        var limit = load.CurrentLimit is { } known ? $", limit {known}" : "";
        return string.Create(CultureInfo.CurrentCulture, $"{progress.Decided:N0} changes sent, {progress.Requests:N0} {(progress.Requests == 1 ? "request" : "requests")}{limit}");
    }
}
