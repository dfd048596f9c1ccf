using System.Management.Automation;

namespace OptimoveDC.Cmdlets.Sessions;

/// <summary>Ends a session: this runspace's, or the one given.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "Optimove")]
[OutputType(typeof(void))]
public sealed class DisconnectOptimoveCommand : PSCmdlet
{
    /// <summary>The session to end; the runspace's own when none is given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    public Session? Session { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var session = Session ?? RunspaceSession.Current;
        session?.Dispose();
        if (Session is null)
        {
            RunspaceSession.Current = null;
        }
    }
}
