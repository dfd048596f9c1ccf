namespace OptimoveDC.Cmdlets.Records;

/// <summary>A value of an object can't be sent. The message names its place as PowerShell would write it, and the reason.</summary>
/// <param name="reason">Why, as the end of a sentence.</param>
internal sealed class UnsendableValueException(string reason) : Exception(reason)
{
    private const int LongestPath = 120;

    // The innermost first.
    private readonly List<string> _path = [];
    private bool _isWhole;

    /// <summary>Why, as the end of a sentence whose subject is the value.</summary>
    internal string Reason { get; } = reason;

    /// <summary>Where it is, like <c>orders[0].customer</c>; empty for the value itself.</summary>
    internal string Path
    {
        get
        {
            var path = string.Concat(_path.AsEnumerable().Reverse()).TrimStart('.');
            return path.Length <= LongestPath ? path : $"{path[..(LongestPath / 2)]}…{path[^(LongestPath / 2)..]}";
        }
    }

    /// <inheritdoc/>
    public override string Message => _isWhole || _path.Count == 0 ? Reason : $"field '{Path}' {Reason}";

    /// <summary>A record can't be sent, for a reason that is a sentence of its own.</summary>
    internal static UnsendableValueException OfRecord(string reason) => new(reason) { _isWhole = true };

    /// <summary>Notes the field that it is in.</summary>
    internal UnsendableValueException WithinField(string name)
    {
        _path.Add(IsPlain(name) ? $".{name}" : $".'{name.Replace("'", "''", StringComparison.Ordinal)}'");
        return this;
    }

    /// <summary>Notes the item that it is in.</summary>
    internal UnsendableValueException WithinItem(int index)
    {
        _path.Add($"[{index}]");
        return this;
    }

    private static bool IsPlain(string name) => name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(character => char.IsLetterOrDigit(character) || character == '_');
}
