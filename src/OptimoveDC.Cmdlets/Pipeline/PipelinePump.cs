using System.Collections.Concurrent;

namespace OptimoveDC.Cmdlets.Pipeline;

/// <summary>
/// The bridge between a cmdlet's thread and work that runs elsewhere: only the cmdlet's thread may write to the
/// streams, so others post what they want written, and the cmdlet's thread does it while it waits.
/// </summary>
internal sealed class PipelinePump : IDisposable
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentQueue<Action> _actions = new();
    private readonly SemaphoreSlim _wake = new(0);

    /// <summary>Asks for something to be done on the cmdlet's thread. Any thread may call it.</summary>
    internal void Post(Action action)
    {
        _actions.Enqueue(action);
        _wake.Release();
    }

    /// <summary>Does what was posted so far.</summary>
    internal void Drain()
    {
        while (_actions.TryDequeue(out var action))
        {
            action();
        }
    }

    /// <summary>Does what is posted until the work ends. What the work throws is thrown here.</summary>
    /// <param name="work">The work.</param>
    /// <param name="tick">Called again and again meanwhile, five times a second at least; null for never.</param>
    internal void RunUntil(Task work, Action? tick)
    {
        WakeAtEndOf(work);
        while (!work.IsCompleted)
        {
            Drain();
            tick?.Invoke();
            _wake.Wait(tick is null ? Timeout.InfiniteTimeSpan : TickInterval);
        }

        Drain();
        work.GetAwaiter().GetResult();
    }

    /// <summary>Waits for the end of work of which nothing can be written any more: the pipeline is gone.</summary>
    internal void WaitSilently(Task work)
    {
        WakeAtEndOf(work);
        while (!work.IsCompleted)
        {
            _wake.Wait();
        }

        _actions.Clear();
        _ = work.Exception;
    }

    /// <inheritdoc/>
    public void Dispose() => _wake.Dispose();

    private void WakeAtEndOf(Task work) =>
        work.ContinueWith(
            static (_, state) => ((SemaphoreSlim)state!).Release(),
            _wake,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
}
