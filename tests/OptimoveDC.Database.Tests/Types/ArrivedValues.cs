using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using OptimoveDC.Emulator;

namespace OptimoveDC.Database.Tests.Types;

/// <summary>Compares what the service got with what the database says its values are, value for value.</summary>
public static class ArrivedValues
{
    /// <summary>Compares all records with the rows of a query that gives the key and the JSON of each value, as text.</summary>
    /// <returns>How many values were compared.</returns>
    public static long AssertEqual(EmulatedConnection connection, DbCommand expectation, IReadOnlyList<TypeColumn> columns)
    {
        var arrived = connection.Records.ToDictionary(record => record.KeyJson, record => record.Json);
        var compared = 0L;
        using var expected = expectation.ExecuteReader();
        while (expected.Read())
        {
            Assert.True(arrived.Remove(expected.GetValue(0).ToString()!, out var json), $"record {expected.GetValue(0).ToString()!} did not arrive");
            using var record = JsonDocument.Parse(json);
            Assert.Equal(["user_id", .. columns.Select(column => column.Name)], record.RootElement.EnumerateObject().Select(field => field.Name));
            for (var column = 0; column < columns.Count; column++)
            {
                using var value = JsonDocument.Parse(expected.GetString(column + 1));
                if (!AreEqual(value.RootElement, record.RootElement.GetProperty(columns[column].Name)))
                {
                    Assert.Fail($"record {expected.GetValue(0).ToString()!}, {columns[column].Name}: expected {expected.GetString(column + 1)}, got {record.RootElement.GetProperty(columns[column].Name).GetRawText()}");
                }

                compared++;
            }
        }

        Assert.Empty(arrived);
        return compared;
    }

    // Numbers by their digits, scale included; those with an exponent, which are floating point, by their value.
    internal static bool AreEqual(JsonElement expected, JsonElement actual) => expected.ValueKind == actual.ValueKind && expected.ValueKind switch
    {
        JsonValueKind.String => expected.GetString() == actual.GetString(),
        JsonValueKind.Number => AreEqualNumbers(expected.GetRawText(), actual.GetRawText()),
        JsonValueKind.Array => expected.GetArrayLength() == actual.GetArrayLength() && expected.EnumerateArray().Zip(actual.EnumerateArray()).All(pair => AreEqual(pair.First, pair.Second)),
        JsonValueKind.Object => expected.EnumerateObject().Select(field => field.Name).SequenceEqual(actual.EnumerateObject().Select(field => field.Name))
            && expected.EnumerateObject().All(field => AreEqual(field.Value, actual.GetProperty(field.Name))),
        _ => true,
    };

    private static bool AreEqualNumbers(string expected, string actual) =>
        expected == actual
        || ((expected.Contains('e', StringComparison.OrdinalIgnoreCase) || actual.Contains('e', StringComparison.OrdinalIgnoreCase))
            && double.Parse(expected, CultureInfo.InvariantCulture).Equals(double.Parse(actual, CultureInfo.InvariantCulture)));
}
