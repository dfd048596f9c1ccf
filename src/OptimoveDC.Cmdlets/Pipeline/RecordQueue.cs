using System.Collections.Concurrent;
using System.Threading.Channels;
using OptimoveDC.Cmdlets.Records;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Records;

namespace OptimoveDC.Cmdlets.Pipeline;

/// <summary>
/// Between the thread of the pipeline, which takes objects as they come, and another that writes them as records: the
/// pipeline waits for neither JSON nor network, unless both are slower than it is. The order stays.
/// </summary>
internal sealed class RecordQueue
{
    // Enough that handing over costs nothing, so few that they are written before they are cold.
    private const int MostRecords = 256;
    private const int MostWaiting = 4;

    // Nobody knows how large the records are before the first of them are written: few go over at first, and then about
    // so many bytes of them at most, if they are as large as the ones before.
    private const int FirstRecords = 16;
    private const int MostBytes = 1 << 20;

    // Few objects that come slowly do no harm by growing old, and would take more memory as copies.
    private const int FewestKept = 32;

    // How long an object waits for others at most, when few come.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);

    private readonly Channel<RecordBlock> _blocks = Channel.CreateBounded<RecordBlock>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly Channel<RecordBlock> _idle = Channel.CreateUnbounded<RecordBlock>();
    private readonly ConcurrentBag<KeptRows> _idleRows = [];
    private readonly Loader _loader;
    private readonly Action<RecordWriter, RecordBlock, int> _write;
    private readonly int _capacity;
    private readonly ITimer _timer;
    private readonly Task _writing;
    private RecordBlock _open;

    // Guards the open block. Only the timer shares it with the thread of the pipeline, which takes it for every object.
    private SpinLock _gate = new(enableThreadOwnerTracking: false);

    // A property that is computed by a script may do anything, and what it does must not come back here.
    private bool _isTaking;
    private Task? _completion;
    private long _taken;
    private volatile bool _isDue;
    private volatile int _enough;

    /// <summary>Starts to write.</summary>
    /// <param name="loader">Takes the records.</param>
    /// <param name="batchSize">The most records of a request: none of them waits when they are enough for one.</param>
    /// <param name="write">Writes one object of a block. Called by one thread at a time.</param>
    /// <param name="time">The clock.</param>
    internal RecordQueue(Loader loader, int batchSize, Action<RecordWriter, RecordBlock, int> write, TimeProvider time)
    {
        _loader = loader;
        _write = write;
        _capacity = Math.Min(MostRecords, batchSize);
        _enough = Math.Min(FirstRecords, _capacity);
        _open = Rent();
        _writing = Task.Run(WriteAllAsync);
        _timer = time.CreateTimer(_ => Tick(), null, LongestWait, LongestWait);
    }

    private bool IsEnough => _open.Count >= _enough;

    /// <summary>Takes an object as it is now.</summary>
    /// <returns>True when it is time for <see cref="HandOverAsync"/>: there are enough for a block, or some time has passed.</returns>
    internal bool Take(object? input, IRecordTaker taker)
    {
        if (_isTaking)
        {
            throw new InvalidOperationException("The object that is being taken hands over another one to the same pipeline.");
        }

        _isTaking = true;
        Enter();
        try
        {
            if (_open.Count == 0)
            {
                _open.Position = _taken + 1;
            }

            _open.Take(input, taker);
            _taken++;
            return IsEnough || _isDue;
        }
        finally
        {
            Exit();
            _isTaking = false;
        }
    }

    /// <summary>Hands a block over when there is enough for one; waits while too many wait.</summary>
    internal ValueTask HandOverAsync()
    {
        _isDue = false;
        return IsEnough ? HandOverOpenAsync() : ValueTask.CompletedTask;
    }

    /// <summary>Waits until everything taken so far is written.</summary>
    internal async Task FlushAsync()
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Enter();
        _open.Written = written;
        Exit();

        await HandOverOpenAsync().ConfigureAwait(false);
        await Task.WhenAny(written.Task, _writing).ConfigureAwait(false);
    }

    /// <summary>Waits until everything is written; nothing is taken any more. What the writing threw is thrown here.</summary>
    internal Task CompleteAsync() => _completion ??= EndAsync();

    private async Task EndAsync()
    {
        await _timer.DisposeAsync().ConfigureAwait(false);
        await HandOverOpenAsync().ConfigureAwait(false);
        _blocks.Writer.TryComplete();
        await _writing.ConfigureAwait(false);
    }

    private async ValueTask HandOverOpenAsync()
    {
        var next = Rent();
        Enter();
        (var block, _open) = (_open, next);
        Exit();

        try
        {
            await _blocks.Writer.WriteAsync(block).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            // The writing broke off, and says why.
            await _writing.ConfigureAwait(false);
        }
    }

    // Few objects come: what there is goes now, unless the pipeline is at it, or the writing is behind anyway.
    private void Tick()
    {
        _isDue = true;
        var isHeld = false;
        _gate.TryEnter(ref isHeld);
        if (!isHeld)
        {
            return;
        }

        try
        {
            if (_open.Count > 0 && _blocks.Writer.TryWrite(_open))
            {
                _open = Rent();
            }
        }
        finally
        {
            Exit();
        }
    }

    private async Task WriteAllAsync()
    {
        try
        {
            await foreach (var block in _blocks.Reader.ReadAllAsync().ConfigureAwait(false))
            {
                await WriteAsync(block).ConfigureAwait(false);
                block.Written?.SetResult();
                block.Clear();
                _idle.Writer.TryWrite(block);
            }
        }
        finally
        {
            _blocks.Writer.TryComplete();
        }
    }

    private async ValueTask WriteAsync(RecordBlock block)
    {
        var written = _loader.Writer.BytesCommitted;
        block.Kept = block.Count < FewestKept || block.IsOld ? null : RentRows();
        block.Kept?.Open(block);
        for (var record = 0; record < block.Count; record++)
        {
            if (record + 1 < block.Count)
            {
                MemoryPrefetch.Values(block.ValuesAt(record + 1));
            }

            _write(_loader.Writer, block, record);
            var handedOver = _loader.HandOverAsync();
            if (!handedOver.IsCompletedSuccessfully)
            {
                await handedOver.ConfigureAwait(false);
            }
        }

        block.Kept?.Close();
        if (_loader.Writer.BytesCommitted - written is > 0 and var bytes)
        {
            _enough = (int)Math.Clamp(MostBytes * (long)block.Count / bytes, 1, Math.Min(_capacity, _enough * 2));
        }
    }

    private void Enter()
    {
        var isHeld = false;
        _gate.Enter(ref isHeld);
    }

    private void Exit() => _gate.Exit(useMemoryBarrier: false);

    private KeptRows RentRows() => _idleRows.TryTake(out var rows) ? rows : new KeptRows(_capacity, _idleRows.Add);

    private RecordBlock Rent() => _idle.Reader.TryRead(out var block) ? block : new RecordBlock(_capacity);
}
