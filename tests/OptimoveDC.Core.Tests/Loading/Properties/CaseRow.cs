using System.Globalization;
using System.Text.Json;

namespace OptimoveDC.Core.Tests.Loading.Properties;

/// <summary>A record of a case's source. Its value names it, so that it is known again wherever it turns up.</summary>
/// <param name="Index">Its place in the source, from 0.</param>
/// <param name="Key">Its key.</param>
/// <param name="IsRefused">Whether the service refuses it for its value.</param>
/// <param name="Padding">How many letters its value is longer than need be.</param>
internal sealed record CaseRow(int Index, CaseKey Key, bool IsRefused, int Padding)
{
    internal string Value => $"{Index}:{(IsRefused ? "bad" : "good")}:{new string('x', Padding)}";

    internal static bool IsRefusedValue(string value) => value.Contains(":bad:", StringComparison.Ordinal);

    /// <summary>The index of the row that a record came from; -1 for one that was there before.</summary>
    internal static int IndexOf(JsonElement record) =>
        record.GetProperty("value").GetString()!.Split(':') is [var index, _, _] ? int.Parse(index, CultureInfo.InvariantCulture) : -1;
}
