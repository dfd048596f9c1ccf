using System.Management.Automation;

namespace OptimoveDC.Cmdlets.Pipeline;

/// <summary>A cmdlet whose work runs elsewhere: it waits without blocking the streams, and stops down to the last read.</summary>
public abstract class AsyncCmdlet : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PipelinePump _pump = new();
    private bool _disposed;

    /// <summary>Cancelled when the user stops the pipeline, or the pipeline is gone.</summary>
    protected CancellationToken StopToken => _stop.Token;

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
        _stop.Dispose();
        _pump.Dispose();
    }

    /// <summary>
    /// Waits for work, writing what it posts. If a write to a stream ends the cmdlet meanwhile, as every write does once the
    /// pipeline stops, the work is cancelled and waited for first: whatever comes afterwards must not meet it.
    /// </summary>
    private protected void Await(Task work)
    {
        try
        {
            _pump.RunUntil(work, Tick);
        }
        catch (Exception) when (!work.IsCompleted)
        {
            try
            {
                _stop.Cancel();
            }
            finally
            {
                AwaitSilently(work);
            }

            throw;
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

    /// <summary>Asks for something to be done on the cmdlet's thread. Any thread may call it.</summary>
    private protected void Post(Action action) => _pump.Post(action);
}
