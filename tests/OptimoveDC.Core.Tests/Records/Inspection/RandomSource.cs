using System.Globalization;
using System.Text;
using OptimoveDC.Core.Records.Files;

namespace OptimoveDC.Core.Tests.Records.Inspection;

/// <summary>Sources drawn at random, most of their records good, every kind of fault among them.</summary>
internal sealed class RandomSource
{
    private static readonly string[] Texts = ["", "x", "1.50", "007", "true", "Köln", "say \"hi\"", "two\nlines", "a,b", "1e5", " ", "😀", "\u0001", "null"];
    private readonly Random _random;

    internal RandomSource(int seed)
    {
        _random = new Random(seed);
        KeyType = (KeyType)_random.Next(3);
        var form = _random.Next(4);
        File = form switch { 0 => "a.csv", 1 => "a.tsv", 2 => "a.json", _ => "a.ndjson" };
        var layout = new FileLayout { KeyProperty = "user_id", EmptyValue = (EmptyValue)_random.Next(3) };
        Layout = _random.Next(4) switch
        {
            0 => layout with { ColumnTypes = new Dictionary<string, ColumnType> { ["a"] = ColumnType.Number } },
            1 => layout with { ColumnTypes = new Dictionary<string, ColumnType> { ["a"] = ColumnType.Json, ["b"] = ColumnType.Boolean } },
            2 => layout with { Properties = ["b"], PropertyMap = new Dictionary<string, string> { ["b"] = "c" } },
            _ => layout,
        };
        var count = _random.Next(60);
        Text = form < 2 ? Delimited(count, form == 0 ? ',' : '\t') : Json(count, isArray: form == 2);
    }

    internal string File { get; }

    internal string Text { get; }

    internal FileLayout Layout { get; }

    internal KeyType KeyType { get; }

    public override string ToString() => $"{File}, -KeyType {KeyType}, -EmptyValue {Layout.EmptyValue}, -ColumnType {string.Join(' ', Layout.ColumnTypes)}, -Property {string.Join(' ', Layout.Properties ?? [])}:\n{Text}";

    private string Delimited(int count, char delimiter)
    {
        var text = new StringBuilder($"a{delimiter}user_id{delimiter}b\n");
        for (var row = 0; row < count; row++)
        {
            List<string> fields = [Value(), _random.Next(15) == 0 ? new[] { "", "  ", "\n" }[_random.Next(3)] : Key(), Value()];
            if (_random.Next(12) == 0)
            {
                fields.Add(Value());
            }
            else if (_random.Next(12) == 0)
            {
                fields.RemoveAt(2);
            }

            text.AppendJoin(delimiter, fields.Select(field => field.IndexOfAny(['"', '\n', delimiter]) >= 0 ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field)).Append('\n');
        }

        return text.Append(_random.Next(6) == 0 ? $"x{delimiter}\"open" : "").ToString();
    }

    private string Json(int count, bool isArray)
    {
        List<string> records = [.. Enumerable.Range(0, count).Select(_ => _random.Next(14) switch
        {
            0 => isArray ? "17" : "{\"user_id\":",
            1 => "null",
            2 => "{\"a\":1}",
            3 => "{\"user_id\":null,\"a\":2}",
            4 => $"{{\"user_id\":\"{Key()}\",\"a\":1,\"a\":2}}",
            5 => $"{{\"user_id\":\"{Key()}\",\"a\":\"\\ud800\"}}",
            6 => $"{{\"user_id\":\"{Key()}\",\"a\":[{{\"n\":1,\"n\":2}}]}}",
            7 => $"{{\"USER_ID\":\"{Key()}\",\"User_Id\":\"{Key()}\"}}",
            8 => $"{{\"b\":{JsonValue()},\"user_id\":{_random.Next(20)},\"_optimove_reject\":{{\"reason\":\"x\"}}}}",
            _ => $"{{\"a\":{JsonValue()},\"user_id\":\"{Key()}\",\"b\":{JsonValue()}}}",
        })];
        if (!isArray)
        {
            return string.Concat(records.Select(record => record + "\n"));
        }

        var end = _random.Next(8) switch { 0 => "", 1 => "]x", 2 => ",]", _ => "]" };
        return $"[{string.Join(",\n", records)}{end}";
    }

    private string Key() => _random.Next(20).ToString(_random.Next(8) == 0 ? "D3" : "D", CultureInfo.InvariantCulture);

    private string Value() => Texts[_random.Next(Texts.Length)];

    private string JsonValue() => _random.Next(5) switch
    {
        0 => "1.50",
        1 => "true",
        2 => "null",
        3 => "{\"c\":[1,2]}",
        _ => System.Text.Json.JsonSerializer.Serialize(Value()),
    };
}
