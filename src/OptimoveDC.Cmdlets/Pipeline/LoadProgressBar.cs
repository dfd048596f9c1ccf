using System.Globalization;
using System.Management.Automation;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Loading.Shards;
using OptimoveDC.Core.Records;

namespace OptimoveDC.Cmdlets.Pipeline;

/// <summary>
/// Shows how far a load is, five times a second at most: each update costs more than many records do.
/// </summary>
internal sealed class LoadProgressBar(PSCmdlet cmdlet, Loader loader, string source, Shard? shard, IRecordSource? file, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    // What is over sooner needs no bar.
    private static readonly TimeSpan BeforeFirst = TimeSpan.FromMilliseconds(500);
    private static int _lastActivity;

    private readonly int _activity = Interlocked.Increment(ref _lastActivity);
    private long _lastShown = time.GetTimestamp();
    private bool _isShown;

    /// <summary>Shows an update, unless the last one was just before.</summary>
    internal void Update()
    {
        if (time.GetElapsedTime(_lastShown) < (_isShown ? Interval : BeforeFirst))
        {
            return;
        }

        _lastShown = time.GetTimestamp();
        _isShown = true;
        cmdlet.WriteProgress(Describe(loader.Progress));
    }

    /// <summary>Takes the bar away, if it was ever shown.</summary>
    internal void Complete()
    {
        if (_isShown)
        {
            _isShown = false;
            cmdlet.WriteProgress(new ProgressRecord(_activity, Title, "Done") { RecordType = ProgressRecordType.Completed });
        }
    }

    private string Title => $"Loading {Path.GetFileName(source)}{(shard is null ? "" : $", {shard}")}";

    private ProgressRecord Describe(LoadProgress progress)
    {
        var limit = loader.CurrentLimit is { } known ? $", limit {known}" : "";
        var status = string.Create(
            CultureInfo.CurrentCulture,
            $"{progress.Decided:N0} of {progress.Read:N0} records read, {progress.RecordsPerSecond:N0}/s, {progress.Requests:N0} {(progress.Requests == 1 ? "request" : "requests")}{limit}");
        var record = new ProgressRecord(_activity, Title, status);
        if (file is { TotalBytes: { } total and > 0 } && file.BytesRead is var read and > 0)
        {
            // What was read is only done when its records are decided: a small file is read long before it is sent.
            var share = Math.Min(1, (double)read / total) * progress.Decided / Math.Max(1, progress.Read);
            record.PercentComplete = (int)(share * 100);

            // Before the service accepted any, there is no speed to go by: what was rejected unsent took no time.
            if (share > 0 && progress.Sent > 0)
            {
                record.SecondsRemaining = (int)Math.Min(int.MaxValue, progress.Elapsed.TotalSeconds * (1 - share) / share);
            }
        }

        return record;
    }
}
