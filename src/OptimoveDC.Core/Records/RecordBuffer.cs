using System.Runtime.CompilerServices;
using System.Text;

namespace OptimoveDC.Core.Records;

/// <summary>
/// The JSON of one record as it is put together from the fields of a source; one instance serves a whole source. It is
/// what a JSON writer would write, without asking at every step what it is allowed to write.
/// </summary>
public sealed class RecordBuffer
{
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
