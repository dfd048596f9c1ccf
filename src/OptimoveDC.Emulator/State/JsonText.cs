using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace OptimoveDC.Emulator;

/// <summary>
/// JSON exactly as it arrived: a slice of the request's body, made a string only when it is asked for. So a large upload
/// costs no string per record, and numbers keep their digits.
/// </summary>
internal readonly struct JsonText(ReadOnlyMemory<byte> utf8)
{
    public static JsonText Of(JsonElement element, ReadOnlyMemory<byte> body)
    {
        var raw = JsonMarshal.GetRawUtf8Value(element);
        return body.Span.Overlaps(raw, out var offset) ? new(body.Slice(offset, raw.Length)) : new(raw.ToArray());
    }

    public override string ToString() => Encoding.UTF8.GetString(utf8.Span);
}
