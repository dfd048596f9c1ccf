using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;

namespace OptimoveDC.Core.Records;

/// <summary>
/// The JSON of one record as it is put together from the fields of a source; one instance serves a whole source. It is
/// what a JSON writer would write, without asking at every step what it is allowed to write.
/// </summary>
public sealed class RecordBuffer : IBufferWriter<byte>
{
    // Of one UTF-16 code unit: a pair of them takes four.
    private const int MostUtf8Bytes = 3;
    private byte[] _bytes = new byte[1024];
    private int _length;

    /// <summary>The record, once it is closed.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>Starts a record; the one before is forgotten.</summary>
    public void Open()
    {
        _bytes[0] = (byte)'{';
        _length = 1;
    }

    /// <summary>Ends the record.</summary>
    public void Close()
    {
        Reserve(1);
        _bytes[_length++] = (byte)'}';
    }

    /// <inheritdoc/>
    public void Advance(int count) => _length += count;

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(_length);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _bytes.AsSpan(_length);
    }

    /// <summary>Starts a field.</summary>
    /// <param name="name">Its name as JSON, with the colon.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void AppendName(ReadOnlySpan<byte> name)
    {
        Reserve(name.Length + 1);
        if (_length > 1)
        {
            _bytes[_length++] = (byte)',';
        }

        name.CopyTo(_bytes.AsSpan(_length));
        _length += name.Length;
    }

    /// <summary>Appends a value that is JSON already.</summary>
    internal void AppendValue(ReadOnlySpan<byte> json)
    {
        Reserve(json.Length);
        json.CopyTo(_bytes.AsSpan(_length));
        _length += json.Length;
    }

    /// <summary>Appends a text.</summary>
    /// <param name="text">Valid UTF-8.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void AppendText(ReadOnlySpan<byte> text)
    {
        Reserve(text.Length + 2);
        _bytes[_length++] = (byte)'"';
        while (true)
        {
            var plain = JsonEscapes.CopyPlain(text, _bytes.AsSpan(_length));
            _length += plain;
            if (plain == text.Length)
            {
                _bytes[_length++] = (byte)'"';
                return;
            }

            AppendEscape(text[plain]);
            text = text[(plain + 1)..];
            Reserve(text.Length + 1);
        }
    }

    /// <summary>Appends a text.</summary>
    /// <param name="text">The text.</param>
    /// <returns>False when it has half a character, which JSON can't carry; what the record has then is of no use.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal bool AppendText(ReadOnlySpan<char> text)
    {
        Reserve(checked((text.Length * MostUtf8Bytes) + 2));
        _bytes[_length++] = (byte)'"';
        while (true)
        {
            var plain = JsonEscapes.CopyPlain(text, _bytes.AsSpan(_length));
            _length += plain;
            text = text[plain..];
            if (text.IsEmpty)
            {
                _bytes[_length++] = (byte)'"';
                return true;
            }

            if (text[0] < 0x80)
            {
                AppendEscape((byte)text[0]);
                text = text[1..];
                Reserve((text.Length * MostUtf8Bytes) + 2);
                continue;
            }

            // Where one character is beyond ASCII, its neighbours are too, as a rule.
            while (!text.IsEmpty && text[0] >= 0x80)
            {
                if (Rune.DecodeFromUtf16(text, out var character, out var length) != OperationStatus.Done)
                {
                    return false;
                }

                _length += character.EncodeToUtf8(_bytes.AsSpan(_length));
                text = text[length..];
            }
        }
    }

    private void AppendEscape(byte value)
    {
        Reserve(6);
        _bytes[_length++] = (byte)'\\';
        var letter = value switch
        {
            (byte)'\n' => 'n',
            (byte)'\r' => 'r',
            (byte)'\t' => 't',
            (byte)'"' or (byte)'\\' => (char)value,
            _ => 'u',
        };
        _bytes[_length++] = (byte)letter;
        if (letter == 'u')
        {
            Encoding.ASCII.GetBytes(((int)value).ToString("X4", System.Globalization.CultureInfo.InvariantCulture), _bytes.AsSpan(_length));
            _length += 4;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Reserve(int count)
    {
        if (_bytes.Length - _length < count)
        {
            Grow(count);
        }
    }

    private void Grow(int count) => Array.Resize(ref _bytes, Math.Max((int)Math.Min(_bytes.Length * 2L, Array.MaxLength), checked(_length + count)));
}
