using System.Management.Automation;
using OptimoveDC.Cmdlets.Errors;
using OptimoveDC.Cmdlets.Sessions;
using OptimoveDC.Core.Api;
using OptimoveDC.Core.Http;

namespace OptimoveDC.Cmdlets.Pipeline;

/// <summary>A cmdlet that speaks to the service.</summary>
public abstract class OptimoveCmdlet : AsyncCmdlet
{
    private (StoredKeys Keys, DataConnectionsClient Client)? _opened;

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

    /// <summary>The client of this call. For a session with a secret's name, the secret is read here, once a call.</summary>
    private protected DataConnectionsClient Client => _opened?.Client ?? ActiveSession.Client switch
    {
        StoredKeys keys => Open(keys),
        var client => (DataConnectionsClient)client!,
    };

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && _opened is { } opened)
        {
            _opened = null;
            opened.Keys.Close(opened.Client);
        }
    }

    private protected void PostWarning(string text) => Post(() => WriteWarning(text));

    private protected void PostAttempt(RequestAttempt attempt) => Post(() => WriteVerbose(attempt.ToString()));

    private protected void PostShape(string shape) => Post(() => WriteDebug($"The first record as it is sent: {shape}"));

    /// <summary>Whether anybody sees the debug stream.</summary>
    private protected bool WritesDebug =>
        MyInvocation.BoundParameters.TryGetValue("Debug", out var given)
            ? given is SwitchParameter { IsPresent: true }
            : SessionState.PSVariable.GetValue("DebugPreference") is { } preference
                && LanguagePrimitives.ConvertTo<ActionPreference>(preference) is not (ActionPreference.SilentlyContinue or ActionPreference.Ignore);

    private protected void PostThrottling(string reason, TimeSpan wait) =>
        PostWarning($"{reason}; waiting {Math.Ceiling(wait.TotalSeconds):F0} s before the next request.");

    private DataConnectionsClient Open(StoredKeys keys)
    {
        try
        {
            _opened = (keys, keys.Open(SecretVault.Read(this, keys)));
        }
        catch (ObjectDisposedException)
        {
            ThrowTerminatingError(ErrorRecords.NotConnected());
        }
        catch (InvalidOperationException exception)
        {
            ThrowTerminatingError(ErrorRecords.Secret(exception, keys.SecretName));
        }

        return _opened!.Value.Client;
    }
}
