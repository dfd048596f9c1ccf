using System.Management.Automation;

namespace OptimoveDC.Cmdlets.Loading;

/// <summary>Turns a stop into what the engine expects of a stopped cmdlet.</summary>
internal static class StopTokenExtensions
{
    internal static void ThrowIfStopped(this CancellationToken token)
    {
        if (token.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
    }
}
