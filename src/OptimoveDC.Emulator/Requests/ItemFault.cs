namespace OptimoveDC.Emulator;

/// <summary>What is wrong with one item of a request.</summary>
/// <param name="Location">Where it is: names and indexes from the body down.</param>
/// <param name="KeyJson">The key as raw JSON when it has a usable one.</param>
/// <param name="Message">A sentence part to follow the location.</param>
/// <param name="Type">A short code.</param>
internal sealed record ItemFault(IReadOnlyList<object> Location, string? KeyJson, string Message, string Type)
{
    /// <summary>The location in words: <c>data[3].user_id</c>.</summary>
    public string Place => string.Concat(Location.Skip(1).Select((part, i) => part is int index ? $"[{index}]" : i == 0 ? $"{part}" : $".{part}"));
}
