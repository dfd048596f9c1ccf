using OptimoveDC.Core.Loading.Checkpoints;
using OptimoveDC.Core.Loading.Rejects;

namespace OptimoveDC.Core.Loading;

/// <summary>Puts each reject on disk before it is counted: in the user's file, and in the checkpoint.</summary>
internal sealed class RejectKeeper(LoadPlan plan, LoadHalt halt, CheckpointLog? log)
{
    internal void Keep(Rejection rejection)
    {
        try
        {
            plan.RejectFile?.Add(rejection, plan.Source);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            halt.Halt(new RejectFileException(plan.RejectFile!.Path, exception));
        }

        if (rejection.Chunk is { } chunk)
        {
            log?.TryWrite(new CheckpointLine
            {
                Kind = CheckpointLine.Rejected,
                Chunk = chunk,
                Line = rejection.Line,
                Reason = rejection.Reason,
                Status = rejection.StatusCode,
                RequestId = rejection.RequestId,
            });
        }
    }
}
