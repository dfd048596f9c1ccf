using System.Management.Automation;

namespace OptimoveDC.Cmdlets.Sessions;

/// <summary>Shows the session of this runspace; nothing when there is none.</summary>
[Cmdlet(VerbsCommon.Get, "OptimoveSession")]
[OutputType(typeof(Session))]
public sealed class GetOptimoveSessionCommand : PSCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (RunspaceSession.Current is { } session)
        {
            WriteObject(session);
        }
    }
}
