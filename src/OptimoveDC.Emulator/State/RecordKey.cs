using System.Globalization;
using System.Text.Json;

namespace OptimoveDC.Emulator;

/// <summary>
/// A primary key. Strings are told apart by their characters, numbers by their value (<c>1.0</c> is <c>1</c>).
/// </summary>
/// <param name="Json">The raw JSON text as it arrived.</param>
/// <param name="Text">The string's characters, or the number in its plainest form.</param>
/// <param name="IsNumber">Whether it is a JSON number.</param>
internal readonly record struct RecordKey(string Json, string Text, bool IsNumber)
{
    /// <summary>Reads a key; null and the reason when the element can't be one.</summary>
    public static RecordKey? Read(JsonElement element, out string? problem)
    {
        problem = null;
        switch (element.ValueKind)
        {
            case JsonValueKind.Number:
                var digits = element.GetRawText();
                return new(digits, Plain(digits), IsNumber: true);
            case JsonValueKind.String:
                try
                {
                    var text = element.GetString()!;
                    if (text.Length > 0)
                    {
                        return new(element.GetRawText(), text, IsNumber: false);
                    }

                    problem = "is empty";
                }
                catch (InvalidOperationException)
                {
                    problem = "is not valid Unicode";
                }

                return null;
            case JsonValueKind.Null:
                problem = "is null";
                return null;
            default:
                problem = "must be a string or a number";
                return null;
        }
    }

    /// <summary>When two keys are one.</summary>
    public static IEqualityComparer<RecordKey> Comparer(KeyIdentity identity) =>
        identity == KeyIdentity.SameText ? SameTextComparer.Instance : DistinctComparer.Instance;

    // Past 28 digits a decimal would round, and make one key of two.
    private static string Plain(string digits) =>
        digits.Length <= 28 && decimal.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && (value != 0 || digits.AsSpan().IndexOfAnyInRange('1', '9') < 0)
            ? value.ToString("0.############################", CultureInfo.InvariantCulture)
            : digits;

    private sealed class SameTextComparer : IEqualityComparer<RecordKey>
    {
        public static readonly SameTextComparer Instance = new();

        public bool Equals(RecordKey x, RecordKey y) => x.Text == y.Text;

        public int GetHashCode(RecordKey obj) => obj.Text.GetHashCode(StringComparison.Ordinal);
    }

    private sealed class DistinctComparer : IEqualityComparer<RecordKey>
    {
        public static readonly DistinctComparer Instance = new();

        public bool Equals(RecordKey x, RecordKey y) => x.IsNumber == y.IsNumber && x.Text == y.Text;

        public int GetHashCode(RecordKey obj) => obj.Text.GetHashCode(StringComparison.Ordinal);
    }
}
