using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using OptimoveDC.Core.IO;

namespace OptimoveDC.Core.Loading.Checkpoints;

/// <summary>
/// Writes a checkpoint: lines are added, never changed. A line is with the operating system before the step that
/// relies on it, so that it outlives the process; the first line and a closing request are on the disk itself.
/// </summary>
internal sealed class CheckpointLog : IDisposable
{
    private readonly CheckpointPlan _plan;
    private readonly LoadHalt _halt;
    private readonly Action<string>? _warn;
    private readonly object _gate = new();
    private readonly List<CheckpointLine> _waiting = [];
    private FileStream? _file;
    private bool _isOff;

    internal CheckpointLog(CheckpointPlan plan, TimeProvider time, LoadHalt halt, Action<string>? warn)
    {
        _plan = plan;
        _halt = halt;
        _warn = warn;
        if (plan.Earlier is { } earlier)
        {
            _file = Continue(plan, earlier);
            TryWrite(new CheckpointLine { Kind = CheckpointLine.Resumed, At = time.GetUtcNow() });
        }
        else
        {
            _waiting.Add(new CheckpointLine { Kind = CheckpointLine.Started, Header = plan.Header, At = time.GetUtcNow() });
            if (!plan.IsByDefault)
            {
                Open();
            }
        }
    }

    /// <summary>Whether the file is there.</summary>
    internal bool Exists
    {
        get
        {
            lock (_gate)
            {
                return _file is not null;
            }
        }
    }

    /// <summary>Makes the file before the first request, if it was not made yet.</summary>
    internal void Begin()
    {
        lock (_gate)
        {
            if (_file is not null || _isOff)
            {
                return;
            }

            try
            {
                Open();
            }
            catch (CheckpointException exception) when (exception.Fault != CheckpointFault.InUse)
            {
                // Nobody asked for it: an import in a place where nothing can be written is still worth doing.
                _isOff = true;
                _waiting.Clear();
                _warn?.Invoke($"This import can't be resumed if it breaks off. {exception.Message}");
            }
            catch (CheckpointException exception)
            {
                _isOff = true;
                _halt.Halt(exception);
            }
        }
    }

    /// <summary>Adds lines, in one go.</summary>
    /// <returns>False when they can't be written: the load is halted, and what relies on them must not happen.</returns>
    internal bool TryWrite(params ReadOnlySpan<CheckpointLine> lines)
    {
        lock (_gate)
        {
            if (_isOff)
            {
                return !_halt.IsHalted;
            }

            if (_file is null)
            {
                _waiting.AddRange(lines);
                return true;
            }

            try
            {
                Append(_file, lines);
                return true;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                _isOff = true;
                _halt.Halt(Unwritable(_plan.Path, exception));
                return false;
            }
        }
    }

    /// <summary>Stops writing: what was there before stays as it is.</summary>
    internal void Freeze()
    {
        lock (_gate)
        {
            _isOff = true;
        }
    }

    /// <summary>Takes the file away: there is nothing left to resume.</summary>
    internal void Delete()
    {
        lock (_gate)
        {
            _isOff = true;
            if (_file is null)
            {
                return;
            }

            // What has no length although it was written to is a device, and stays.
            var isFile = _file.CanSeek && _file.Length > 0;
            _file.Dispose();
            _file = null;
            try
            {
                if (isFile)
                {
                    File.Delete(_plan.Path);
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                _warn?.Invoke($"The checkpoint {_plan.Path} is not needed any more, and can't be deleted: {exception.Message}");
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isOff = true;
            _file?.Dispose();
        }
    }

    internal static bool IsSharingViolation(IOException exception) =>
        exception.HResult is unchecked((int)0x80070020) or 11 or 35 || exception.Message.Contains("being used by another process", StringComparison.Ordinal);

    private static FileStream Continue(CheckpointPlan plan, Checkpoint earlier)
    {
        var file = OpenFile(plan.Path, FileMode.Open);
        try
        {
            file.SetLength(earlier.ValidBytes);
            file.Position = earlier.ValidBytes;
            return file;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            file.Dispose();
            throw Unwritable(plan.Path, exception);
        }
    }

    private static FileStream OpenFile(string path, FileMode mode)
    {
        try
        {
            return PrivateFile.Open(path, mode, FileShare.None);
        }
        catch (IOException exception) when (IsSharingViolation(exception))
        {
            throw new CheckpointException(path, $"The checkpoint {path} is in use: an import of this source is still running.", CheckpointFault.InUse, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, exception);
        }
    }

    private static CheckpointException Unwritable(string path, Exception exception) =>
        new(path, $"The checkpoint {path} can't be written: {exception.Message}", CheckpointFault.Unwritable, exception);

    private static void Append(FileStream file, ReadOnlySpan<CheckpointLine> lines)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var mustLast = false;
        foreach (var line in lines)
        {
            buffer.Write(JsonSerializer.SerializeToUtf8Bytes(line, CheckpointJson.Default.CheckpointLine));
            buffer.Write("\n"u8);
            mustLast |= line.Kind is CheckpointLine.Started or CheckpointLine.Closing;
        }

        PrivateFile.Write(file, buffer.WrittenSpan);
        file.Flush(mustLast);
    }

    private void Open()
    {
        var file = OpenFile(_plan.Path, FileMode.Create);
        try
        {
            Append(file, CollectionsMarshal.AsSpan(_waiting));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            file.Dispose();
            throw Unwritable(_plan.Path, exception);
        }

        _waiting.Clear();
        _file = file;
    }
}
