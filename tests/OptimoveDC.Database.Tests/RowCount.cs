using System.Globalization;

namespace OptimoveDC.Database.Tests;

/// <summary>How many rows of each type are compared: 20,000, or as many as <c>DATABASE_ROWS</c> says (the full run: 100,000).</summary>
internal static class RowCount
{
    internal static int Value { get; } =
        Environment.GetEnvironmentVariable("DATABASE_ROWS") is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : 20_000;
}
