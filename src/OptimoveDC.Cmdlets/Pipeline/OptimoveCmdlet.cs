using System.Management.Automation;
using OptimoveDC.Cmdlets.Errors;
using OptimoveDC.Cmdlets.Sessions;
using OptimoveDC.Core.Api;
using OptimoveDC.Core.Http;

namespace OptimoveDC.Cmdlets.Pipeline;

/// <summary>A cmdlet that speaks to the service: it waits without blocking the streams, and stops down to the socket.</summary>
public abstract class OptimoveCmdlet : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PipelinePump _pump = new();
    private (StoredKeys Keys, DataConnectionsClient Client)? _opened;
    private bool _disposed;

    /// <summary>The session to use; the runspace's own when none is given.</summary>
    [Parameter]
    [ValidateNotNull]
    public Session? Session { get; set; }

    /// <summary>Cancelled when the user stops the pipeline, or the pipeline is gone.</summary>
    protected CancellationToken StopToken => _stop.Token;

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
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Cancels, and nothing else: the cmdlet's thread does the rest.</summary>
    protected override void StopProcessing() => _stop.Cancel();

    /// <summary>Ends what still runs. When a pipeline breaks off, this is all that is called.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (_disposed || !disposing)
        {
            return;
        }

        _disposed = true;
        _stop.Cancel();
        _opened?.Keys.Close(_opened.Value.Client);
        _stop.Dispose();
        _pump.Dispose();
    }

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

    /// <summary>Waits for work, writing what it posts.</summary>
    private protected void Await(Task work)
    {
        try
        {
            _pump.RunUntil(work, Tick);
        }
        catch (OperationCanceledException) when (StopToken.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
    }

    /// <summary>Called now and then while the cmdlet waits; null when there is nothing to show.</summary>
    private protected virtual Action? Tick => null;

    private protected T Await<T>(Task<T> work)
    {
        Await((Task)work);
        return work.GetAwaiter().GetResult();
    }

    /// <summary>Waits for work when nothing can be written any more.</summary>
    private protected void AwaitSilently(Task work) => _pump.WaitSilently(work);

    /// <summary>Writes what was posted meanwhile.</summary>
    private protected void WritePosted() => _pump.Drain();

    private protected void PostWarning(string text) => _pump.Post(() => WriteWarning(text));

    private protected void PostAttempt(RequestAttempt attempt) => _pump.Post(() => WriteVerbose(attempt.ToString()));

    private protected void PostShape(string shape) => _pump.Post(() => WriteDebug($"The first record as it is sent: {shape}"));

    /// <summary>Whether anybody sees the debug stream.</summary>
    private protected bool WritesDebug =>
        MyInvocation.BoundParameters.TryGetValue("Debug", out var given)
            ? given is SwitchParameter { IsPresent: true }
            : SessionState.PSVariable.GetValue("DebugPreference") is { } preference
                && LanguagePrimitives.ConvertTo<ActionPreference>(preference) is not (ActionPreference.SilentlyContinue or ActionPreference.Ignore);

    private protected void PostThrottling(string reason, TimeSpan wait) =>
        PostWarning($"{reason}; waiting {Math.Ceiling(wait.TotalSeconds):F0} s before the next request.");
}
