using System.Globalization;
using System.Text;

namespace OptimoveDC.Core.Tests.Faults;

/// <summary>The head of an HTTP/1.1 message: its bytes, and as much of its meaning as tells where the body ends.</summary>
internal sealed class MessageHead
{
    private readonly string[] _lines;

    internal MessageHead(ReadOnlyMemory<byte> raw)
    {
        Raw = raw;
        _lines = Encoding.Latin1.GetString(raw.Span).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Its bytes, the empty line at the end included.</summary>
    internal ReadOnlyMemory<byte> Raw { get; }

    internal string StartLine => _lines[0];

    /// <summary>The status of an answer.</summary>
    internal int Status => int.Parse(StartLine.Split(' ')[1], CultureInfo.InvariantCulture);

    internal long? ContentLength => this["Content-Length"] is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : null;

    internal bool IsChunked => string.Equals(this["Transfer-Encoding"], "chunked", StringComparison.OrdinalIgnoreCase);

    internal bool EndsConnection => string.Equals(this["Connection"], "close", StringComparison.OrdinalIgnoreCase);

    /// <summary>The value of a field; null when there is none of the name.</summary>
    internal string? this[string name] => _lines.Skip(1)
        .Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
        .Select(line => line[(name.Length + 1)..].Trim())
        .FirstOrDefault();

    /// <summary>The head with another value of a field, or without the field.</summary>
    internal byte[] With(string name, string? value, params string[] without)
    {
        var lines = _lines
            .Where((line, at) => at == 0 || !without.Append(name).Any(gone => line.StartsWith(gone + ":", StringComparison.OrdinalIgnoreCase)))
            .Concat(value is null ? [] : [$"{name}: {value}"]);
        return Encoding.Latin1.GetBytes(string.Join("\r\n", lines) + "\r\n\r\n");
    }
}
