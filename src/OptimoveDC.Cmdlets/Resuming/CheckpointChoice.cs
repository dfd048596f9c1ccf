using System.Management.Automation;
using OptimoveDC.Cmdlets.Errors;
using OptimoveDC.Core.Loading.Checkpoints;

namespace OptimoveDC.Cmdlets.Resuming;

/// <summary>Decides whether an import goes on with an earlier one, and tells the user what that means.</summary>
internal static class CheckpointChoice
{
    /// <summary>Looks for what an earlier run left.</summary>
    /// <param name="cmdlet">The cmdlet, for its streams.</param>
    /// <param name="path">The checkpoint file.</param>
    /// <param name="isByDefault">True when the user named no file.</param>
    /// <param name="resume">True when the user wants to go on.</param>
    /// <param name="header">What the import at hand is; its batch is new.</param>
    /// <param name="batchIsGiven">True when the user named the batch.</param>
    /// <returns>The plan; its header names the batch to use.</returns>
    internal static CheckpointPlan Make(PSCmdlet cmdlet, string path, bool isByDefault, bool resume, CheckpointHeader header, bool batchIsGiven)
    {
        var plan = new CheckpointPlan { Path = path, Header = header, IsByDefault = isByDefault };
        var earlier = Read(cmdlet, path, mustBeOne: resume || !isByDefault);
        if (!resume)
        {
            if (earlier is not null)
            {
                cmdlet.WriteWarning(
                    $"An import of {earlier.Header.Source} that began {earlier.Header.StartedAt.LocalDateTime:g} has not finished; its batch {earlier.Header.BatchId} stays open. This one starts afresh; -Resume would have gone on with it.");
            }

            return plan;
        }

        if (earlier is null)
        {
            cmdlet.WriteWarning($"There is no checkpoint of an earlier import of {header.Source} to this Data Connection ({path}), so it starts afresh.");
            return plan;
        }

        var difference = header.FindDifference(earlier.Header)
            ?? (batchIsGiven && earlier.Header.BatchId != header.BatchId ? $"Its batch is {earlier.Header.BatchId}, and -BatchId is {header.BatchId}." : null);
        if (difference is not null)
        {
            cmdlet.ThrowTerminatingError(ErrorRecords.Checkpoint(
                new CheckpointException(path, $"The checkpoint {path} is of another import. {difference}", CheckpointFault.OtherImport),
                path));
        }

        WarnOfExpiry(cmdlet, earlier.Header);
        return plan with { Header = earlier.Header with { ResumeCommand = header.ResumeCommand }, Earlier = earlier };
    }

    // A file that the user names and that is no checkpoint may be anything, and is not written over.
    private static Checkpoint? Read(PSCmdlet cmdlet, string path, bool mustBeOne)
    {
        try
        {
            return Checkpoint.Read(path);
        }
        catch (CheckpointException exception) when (mustBeOne || exception.Fault == CheckpointFault.InUse)
        {
            cmdlet.ThrowTerminatingError(ErrorRecords.Checkpoint(exception, path));
            throw;
        }
        catch (CheckpointException exception)
        {
            cmdlet.WriteWarning($"{exception.Message} It is replaced.");
            return null;
        }
    }

    private static void WarnOfExpiry(PSCmdlet cmdlet, CheckpointHeader header)
    {
        if (header.TimeToLiveSeconds is { } seconds && DateTimeOffset.UtcNow - header.StartedAt > TimeSpan.FromSeconds(seconds))
        {
            cmdlet.WriteWarning(
                $"The import began {header.StartedAt.LocalDateTime:g}, longer ago than its time-to-live of {seconds} s: what was sent then may have expired. Import it afresh, without -Resume, if that matters.");
        }
    }
}
