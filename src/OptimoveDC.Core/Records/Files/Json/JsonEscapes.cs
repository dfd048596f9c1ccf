using System.Buffers.Text;

namespace OptimoveDC.Core.Records.Files.Json;

/// <summary>Looks into the escapes of JSON, which may stand for what UTF-8 can't.</summary>
internal static class JsonEscapes
{
    /// <summary>Whether an escape in valid JSON stands for half a character without its other half.</summary>
    internal static bool HaveHalfCharacter(ReadOnlySpan<byte> json)
    {
        for (var at = json.IndexOf((byte)'\\'); at >= 0; at = json.IndexOf((byte)'\\'))
        {
            json = json[at..];
            if (json[1] != 'u')
            {
                json = json[2..];
                continue;
            }

            var unit = CodeUnit(json);
            json = json[6..];
            if (unit is >= 0xD800 and < 0xDC00)
            {
                if (json.Length < 6 || json[0] != '\\' || json[1] != 'u' || CodeUnit(json) is < 0xDC00 or > 0xDFFF)
                {
                    return true;
                }

                json = json[6..];
            }
            else if (unit is >= 0xDC00 and <= 0xDFFF)
            {
                return true;
            }
        }

        return false;
    }

    private static int CodeUnit(ReadOnlySpan<byte> escape) =>
        Utf8Parser.TryParse(escape.Slice(2, 4), out int unit, out _, 'x') ? unit : 0;
}
