using System.Data;
using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using OptimoveDC.Core.Records;

namespace OptimoveDC.Cmdlets.Tables;

/// <summary>
/// Reads the rows of an open data reader on a thread of its own, a few blocks ahead. Drivers may block for as long as they
/// like, so whoever waits for rows waits for this and not for the driver: one that doesn't return is left behind.
/// </summary>
internal sealed class ReaderRows : IAsyncDisposable
{
    private const int BlocksAhead = 4;

    // Ctrl+C has to end the cmdlet within a second.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    private static readonly ConditionalWeakTable<IDataReader, ReaderRows> LeftBehind = [];

    private readonly IDataReader _reader;
    private readonly string _name;
    private readonly int[] _columns;
    private readonly Channel<RowBlock> _blocks = Channel.CreateBounded<RowBlock>(new BoundedChannelOptions(BlocksAhead) { SingleReader = true, SingleWriter = true });
    private readonly Channel<RowBlock> _idle = Channel.CreateBounded<RowBlock>(BlocksAhead + 2);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _reading;

    /// <summary>Starts to read.</summary>
    /// <param name="reader">The reader; it is left open.</param>
    /// <param name="name">The name of the source, for messages.</param>
    /// <param name="columns">The places of the columns that are wanted.</param>
    /// <param name="most">How many rows to read at most: the reader stands at the last of them afterwards.</param>
    internal ReaderRows(IDataReader reader, string name, int[] columns, long most)
    {
        _reader = reader;
        _name = name;
        _columns = columns;
        _reading = Task.Run(() => ReadAsync(most));
    }

    /// <summary>Whether a driver that was left behind has not returned yet.</summary>
    internal static bool IsInUse(IDataReader reader) => LeftBehind.TryGetValue(reader, out var rows) && !rows._reading.IsCompleted;

    /// <summary>The next rows; null at the end.</summary>
    /// <exception cref="SourceException">The reader failed.</exception>
    internal async ValueTask<RowBlock?> NextAsync(CancellationToken cancellationToken) =>
        await _blocks.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false) && _blocks.Reader.TryRead(out var block) ? block : null;

    /// <summary>Takes back a block whose rows are written.</summary>
    internal void Return(RowBlock block)
    {
        block.Clear();
        _idle.Writer.TryWrite(block);
    }

    /// <summary>Ends the reading, and waits for the driver, though not for long: then the reader stays in use.</summary>
    public async ValueTask DisposeAsync()
    {
        // A driver may block whoever cancels, too.
        var cancelling = _stop.CancelAsync();
        var all = Task.WhenAll(cancelling, _reading);
        await Task.WhenAny(all, Task.Delay(Patience)).ConfigureAwait(false);
        if (!all.IsCompleted)
        {
            LeftBehind.AddOrUpdate(_reader, this);
            return;
        }

        LeftBehind.Remove(_reader);
        _stop.Dispose();
    }

    private async Task ReadAsync(long most)
    {
        SourceException? fault = null;
        var block = Rent();
        var read = 0L;
        try
        {
            while (read < most)
            {
                var moving = MoveOnAsync();
                if (!moving.IsCompleted && block.Count > 0)
                {
                    // Nothing that is there waits for what is not.
                    await _blocks.Writer.WriteAsync(block, _stop.Token).ConfigureAwait(false);
                    block = Rent();
                }

                if (!await moving.ConfigureAwait(false) || _stop.IsCancellationRequested)
                {
                    break;
                }

                block.Add(_reader);
                read++;
                if (block.IsFull)
                {
                    await _blocks.Writer.WriteAsync(block, _stop.Token).ConfigureAwait(false);
                    block = Rent();
                }
            }
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            // Nobody waits for rows any more.
        }
        catch (Exception exception)
        {
            // Whatever a driver throws, the source ends there.
            fault = new SourceException(_name, null, $"it can't be read further than record {read}: {exception.Message.TrimEnd('.')}", exception);
        }

        if (block.Count > 0 && !_stop.IsCancellationRequested)
        {
            await WriteLastAsync(block).ConfigureAwait(false);
        }

        _blocks.Writer.TryComplete(fault);
    }

    private async Task WriteLastAsync(RowBlock block)
    {
        try
        {
            await _blocks.Writer.WriteAsync(block, _stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Nobody waits for rows any more.
        }
    }

    private Task<bool> MoveOnAsync() => _reader is DbDataReader reader ? reader.ReadAsync(_stop.Token) : Task.FromResult(_reader.Read());

    private RowBlock Rent() => _idle.Reader.TryRead(out var block) ? block : new RowBlock(_columns);
}
