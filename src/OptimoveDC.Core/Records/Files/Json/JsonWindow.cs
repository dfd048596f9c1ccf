using System.Buffers;
using System.Text;
using System.Text.Unicode;
using ICSharpCode.SharpZipLib;

namespace OptimoveDC.Core.Records.Files.Json;

/// <summary>
/// The part of a JSON file that is being looked at, as UTF-8 whatever its encoding. It grows as far as the longest
/// record; bytes that the encoding can't mean are never seen in it.
/// </summary>
internal sealed class JsonWindow : IDisposable
{
    private const int InitialSize = 1 << 17;
    private readonly TextFile _file;
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(InitialSize);
    private int _start;
    private int _end;
    private int _readEnd;
    private bool _ended;
    private UndecodableTextException? _fault;

    internal JsonWindow(TextFile file) => _file = file;

    /// <summary>The line that <see cref="Bytes"/> starts in, from 1.</summary>
    internal long Line { get; private set; } = 1;

    /// <summary>What is there to be looked at.</summary>
    internal ReadOnlySpan<byte> Bytes => _bytes.AsSpan(_start, _end - _start);

    /// <summary>True when nothing follows <see cref="Bytes"/>.</summary>
    internal bool IsLast => _ended && _fault is null && _end == _readEnd;

    /// <summary>Leaves bytes behind.</summary>
    internal void Consume(int count)
    {
        Line += _bytes.AsSpan(_start, count).Count((byte)'\n');
        _start += count;
    }

    /// <summary>Reads on until at least so many bytes are there, or all there are.</summary>
    /// <returns>False when nothing was left to read.</returns>
    /// <exception cref="SourceException">The file can't be read further, or not as text.</exception>
    internal async ValueTask<bool> FillAsync(int atLeast, CancellationToken cancellationToken)
    {
        var before = Bytes.Length;
        try
        {
            while (Bytes.Length < atLeast && !IsLast)
            {
                if (_fault is not null)
                {
                    break;
                }

                MakeRoom();
                var count = await _file.Utf8.ReadAsync(_bytes.AsMemory(_readEnd), cancellationToken).ConfigureAwait(false);
                _ended = count == 0;
                _readEnd += count;
                Validate();
            }
        }
        catch (Exception exception) when (exception is IOException or SharpZipBaseException or UnauthorizedAccessException)
        {
            throw new SourceException(_file.Path, Line, $"the file can't be read further: {exception.Message.TrimEnd('.')}", exception);
        }
        catch (UndecodableTextException exception)
        {
            throw new SourceException(_file.Path, exception.Line, exception.Reason, exception);
        }

        if (Bytes.Length == before && _fault is not null)
        {
            throw new SourceException(_file.Path, Line + Bytes.Count((byte)'\n'), _fault.Reason, _fault);
        }

        return Bytes.Length > before;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _bytes.AsSpan(_start, _readEnd - _start).CopyTo(_bytes);
            _end -= _start;
            _readEnd -= _start;
            _start = 0;
        }

        if (_readEnd == _bytes.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_bytes.Length * 2);
            _bytes.AsSpan(0, _readEnd).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }
    }

    // What was read is UTF-8 up to its last whole character; only the last few bytes may be the start of one.
    private void Validate()
    {
        var fresh = _bytes.AsSpan(_end, _readEnd - _end);
        var whole = _ended ? fresh.Length : fresh.Length - LengthOfUnfinished(fresh);
        if (Utf8.IsValid(fresh[..whole]))
        {
            _end += whole;
            return;
        }

        while (Rune.DecodeFromUtf8(fresh, out _, out var length) is var status)
        {
            if (status != OperationStatus.Done)
            {
                _fault = new UndecodableTextException("UTF-8", fresh[..Math.Max(length, 1)], line: null);
                return;
            }

            fresh = fresh[length..];
            _end += length;
        }
    }

    private static int LengthOfUnfinished(ReadOnlySpan<byte> bytes)
    {
        for (var back = 1; back <= Math.Min(3, bytes.Length); back++)
        {
            if (bytes[^back] >= 0xC0)
            {
                return Rune.DecodeFromUtf8(bytes[^back..], out _, out _) == OperationStatus.NeedMoreData ? back : 0;
            }
        }

        return 0;
    }
}
