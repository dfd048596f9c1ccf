using System.Net;

namespace OptimoveDC.Emulator;

/// <summary>Ends the processing of a request with an error; the one way out of every check.</summary>
internal sealed class Refusal(int status, string message, IReadOnlyList<ItemFault>? items = null) : Exception(message)
{
    /// <summary>Stands for <see cref="EmulatorOptions.BadRequestStatus"/>.</summary>
    public const int BadContent = 0;

    public int Status { get; } = status;

    public IReadOnlyList<ItemFault> Items { get; } = items ?? [];

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    public static Refusal Content(string message) => new(BadContent, message);

    public static Refusal Content(IReadOnlyList<ItemFault> items, int total) =>
        new(BadContent, $"{items.Count} of {total} items refused; the first: {items[0].Place} {items[0].Message}.", items);

    public static Refusal Of(HttpStatusCode status, string message) => new((int)status, message);
}
