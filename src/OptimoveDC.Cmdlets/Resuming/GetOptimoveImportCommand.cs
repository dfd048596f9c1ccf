using System.Management.Automation;
using OptimoveDC.Cmdlets.Errors;
using OptimoveDC.Core.Loading.Checkpoints;

namespace OptimoveDC.Cmdlets.Resuming;

/// <summary>Lists imports that have not finished, each with the command that goes on with it. No request is made.</summary>
[Cmdlet(VerbsCommon.Get, "OptimoveImport")]
[OutputType(typeof(UnfinishedImport))]
public sealed class GetOptimoveImportCommand : PSCmdlet
{
    /// <summary>Checkpoints that were kept with -CheckpointPath; without it, those in the user's local application data.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] CheckpointPath { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var path in CheckpointPath.Length == 0 ? CheckpointStore.List() : CheckpointPath.SelectMany(Resolve))
        {
            Show(path);
        }
    }

    private IEnumerable<string> Resolve(string path)
    {
        try
        {
            return GetResolvedProviderPathFromPSPath(path, out _);
        }
        catch (ItemNotFoundException)
        {
            WriteError(ErrorRecords.Checkpoint(
                new CheckpointException(path, $"There is no checkpoint '{path}'.", CheckpointFault.Unreadable),
                path));
            return [];
        }
    }

    private void Show(string path)
    {
        try
        {
            if (Checkpoint.Read(path) is { } checkpoint)
            {
                var (sent, rejected) = checkpoint.CountDecided();
                WriteObject(new UnfinishedImport
                {
                    Source = checkpoint.Header.Source,
                    DataConnectionId = checkpoint.Header.DataConnectionId,
                    BatchId = checkpoint.Header.BatchId,
                    ShardIndex = checkpoint.Header.Shard?.Index,
                    ShardCount = checkpoint.Header.Shard?.Count,
                    StartedAt = checkpoint.Header.StartedAt,
                    Read = checkpoint.RowsSealed,
                    Sent = sent,
                    Rejected = rejected,
                    Completed = checkpoint.IsCompleted,
                    CheckpointPath = path,
                    ResumeCommand = checkpoint.Header.ResumeCommand,
                });
            }
        }
        catch (CheckpointException exception) when (exception.Fault == CheckpointFault.InUse)
        {
            // An import that is still running is not unfinished yet.
            WriteVerbose(exception.Message);
        }
        catch (CheckpointException exception)
        {
            WriteError(ErrorRecords.Checkpoint(exception, path));
        }
    }
}
