using System.Management.Automation;
using OptimoveDC.Cmdlets.Errors;
using OptimoveDC.Cmdlets.Sessions;
using OptimoveDC.Core.Api;
using OptimoveDC.Core.Http;

namespace OptimoveDC.Cmdlets.Pipeline;

/// <summary>A cmdlet that speaks to the service.</summary>
public abstract class OptimoveCmdlet : AsyncCmdlet
{
    /// <summary>The session to use; the runspace's own when none is given.</summary>
    [Parameter]
    [ValidateNotNull]
    public Session? Session { get; set; }

    /// <summary>The session of this call.</summary>
    private protected Session ActiveSession
    {
        get
        {
            var session = Session ?? RunspaceSession.Current;
            if (session is not { IsConnected: true })
            {
                ThrowTerminatingError(ErrorRecords.NotConnected());
            }

            return session!;
        }
    }

    private protected DataConnectionsClient Client => (DataConnectionsClient)ActiveSession.Client!;

    private protected void PostWarning(string text) => Post(() => WriteWarning(text));

    private protected void PostAttempt(RequestAttempt attempt) => Post(() => WriteVerbose(attempt.ToString()));

    private protected void PostThrottling(string reason, TimeSpan wait) =>
        PostWarning($"{reason}; waiting {Math.Ceiling(wait.TotalSeconds):F0} s before the next request.");
}
