using System.Collections;
using System.Collections.Specialized;
using System.Data;
using System.Data.SqlTypes;
using System.Dynamic;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Management.Automation.Language;
using System.Numerics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using OptimoveDC.Cmdlets.Tests.Hosting;

namespace OptimoveDC.Cmdlets.Tests.Records;

/// <summary>
/// Random objects of everything that docs/objects.md sends, nested in each other, arrive as a conversion says that knows
/// nothing of the module's: each value is made together with its JSON.
/// </summary>
public sealed class RandomObjectTests
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A value, and the JSON that it stands for.</summary>
    public sealed record Made(object? Value, string Json)
    {
        public override string ToString() => $"{Value?.GetType().Name}: {Json}";
    }

    public static class Values
    {
        public static Arbitrary<Made[]> Records() => Gen.Sized(size => Value(Math.Min(size, 40))).ArrayOf().Where(values => values.Length is > 0 and < 30).ToArbitrary();

        private static Gen<Made> Value(int size) => size <= 1 ? Scalar() : Gen.Frequency((3, Scalar()), (2, List(size / 3)), (3, Fields(size / 3)));

        private static Gen<string> Text() => Gen.Elements("", "007", "Köln", "a \"b\" \\ c\n\t", "\u2028🎁", "{}", "[]", "null", " ", "\u0001");

        private static Gen<string> Name() => Gen.Elements("a", "B", "two words", "ä", "Count", "Length", "Value", "Keys", "Table", "x.y", "🎁");

        private static Gen<Made> Scalar() => Gen.OneOf(
            Gen.Elements(Nothings),
            Text().Select(text => new Made(text, Quoted(text))),
            Text().Select(text => new Made(PSObject.AsPSObject(text), Quoted(text))),
            ArbMap.Default.GeneratorFor<int>().Select(number => new Made(number, Invariant(number))),
            ArbMap.Default.GeneratorFor<long>().Select(number => new Made(number, Invariant(number))),
            ArbMap.Default.GeneratorFor<long>().Select(number => new Made(new BigInteger(number) * long.MaxValue, Invariant(new BigInteger(number) * long.MaxValue))),
            ArbMap.Default.GeneratorFor<decimal>().Select(number => new Made(number, Invariant(number))),
            ArbMap.Default.GeneratorFor<double>().Where(double.IsFinite).Select(number => new Made(number, number.ToString("R", CultureInfo.InvariantCulture))),
            ArbMap.Default.GeneratorFor<bool>().Select(truth => new Made(truth, truth ? "true" : "false")),
            ArbMap.Default.GeneratorFor<bool>().Select(truth => new Made(new SwitchParameter(truth), truth ? "true" : "false")),
            ArbMap.Default.GeneratorFor<Guid>().Select(id => new Made(id, $"\"{id}\"")),
            ArbMap.Default.GeneratorFor<DayOfWeek>().Select(day => new Made(day, $"\"{day}\"")),
            ArbMap.Default.GeneratorFor<byte[]>().Where(bytes => bytes is not null).Select(bytes => new Made(bytes, $"\"{Convert.ToBase64String(bytes)}\"")),
            ArbMap.Default.GeneratorFor<int>().Select(number => new Made(new SqlInt32(number), Invariant(number))),
            ArbMap.Default.GeneratorFor<int>().Select(number => new Made(JsonDocument.Parse(Invariant(number)).RootElement, Invariant(number))),
            ArbMap.Default.GeneratorFor<int>().Select(ticks => new Made(new TimeSpan(ticks), $"\"{new TimeSpan(ticks)}\"")),
            ArbMap.Default.GeneratorFor<int>().Select(days => new Made(new DateOnly(2026, 1, 1).AddDays(days % 9999), $"\"{new DateOnly(2026, 1, 1).AddDays(days % 9999):yyyy-MM-dd}\"")));

        private static Gen<Made> List(int size) => Value(size).ArrayOf().Select(items => items.Take(5).ToArray()).SelectMany(items => Gen.Elements(ListsOf(items)));

        private static Gen<Made> Fields(int size) =>
            Name().ArrayOf().Select(names => names.Take(5).Distinct(StringComparer.OrdinalIgnoreCase).ToArray())
                .SelectMany(names => Value(size).ArrayOf(names.Length).SelectMany(values => Gen.Elements(ObjectsOf([.. names.Zip(values)]))));

        private static Made[] ListsOf(Made[] items)
        {
            object?[] values = [.. items.Select(item => item.Value)];
            var json = $"[{string.Join(',', items.Select(item => item.Json))}]";
            return
            [
                new(values, json), new(new ArrayList(values), json), new(new List<object?>(values), json), new(PSObject.AsPSObject(values), json),
                new(new Queue<object?>(values), json), new(values.Select(value => value), json), new(JsonNode.Parse(json), json), new(JsonDocument.Parse(json), json),
            ];
        }

        private static Made[] ObjectsOf((string Name, Made Value)[] fields)
        {
            var json = $"{{{string.Join(',', fields.Select(field => $"{Quoted(field.Name)}:{field.Value.Json}"))}}}";
            var made = new PSObject();
            var ordered = new OrderedDictionary();
            var dictionary = new Dictionary<string, object?>();
            IDictionary<string, object?> expando = new ExpandoObject();
            foreach (var (name, value) in fields)
            {
                made.Properties.Add(new PSNoteProperty(name, value.Value));
                ordered.Add(name, value.Value);
                dictionary.Add(name, value.Value);
                expando.Add(name, value.Value);
            }

            var table = new Hashtable();
            if (fields.Length > 0)
            {
                // One alone, for its order is its own.
                table.Add(fields[0].Name, fields[0].Value.Value);
            }

            return
            [
                new(made, json), new(ordered, json), new(dictionary, json), new(expando, json), new(PSObject.AsPSObject(ordered), json), new(JsonNode.Parse(json), json),
                new(table, fields.Length == 0 ? "{}" : $"{{{Quoted(fields[0].Name)}:{fields[0].Value.Json}}}"),
                new(new Box(dictionary), $$"""{"Item":{{json}}}"""), new(new KeyValuePair<string, object>("k", ordered), $$"""{"Key":"k","Value":{{json}}}"""),
                RowOf(json),
            ];
        }

        private static Made RowOf(string text)
        {
            var table = new DataTable { Locale = CultureInfo.InvariantCulture };
            table.Columns.Add("Table", typeof(string));
            table.Columns.Add("n", typeof(decimal));
            return new Made(table.Rows.Add(text, DBNull.Value), $$"""{"Table":{{Quoted(text)}},"n":null}""");
        }

        private static Made[] Nothings =>
        [
            new(null, "null"), new(DBNull.Value, "null"), new(AutomationNull.Value, "null"), new(NullString.Value, "null"), new(SqlString.Null, "null"), new(PSObject.AsPSObject(DBNull.Value), "null"),
        ];

        private static string Quoted(string text) => JsonSerializer.Serialize(text, Relaxed);

        private static string Invariant(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
    }

    public sealed class Box(object? item)
    {
        public object? Item { get; } = item;
    }

    [Property(Arbitrary = [typeof(Values)], MaxTest = 80)]
    public void What_arrives_is_what_the_object_was(Made[] values)
    {
        using var one = new OneConnection();
        var rows = values.Select((value, at) =>
        {
            var row = new PSObject();
            row.Properties.Add(new PSNoteProperty("user_id", at));
            row.Properties.Add(new PSNoteProperty("v", value.Value));
            return row;
        }).ToList();

        one.Shell.Pipe(rows, "Import-OptimoveData -DataConnectionId $id -KeyProperty user_id").EnsureSucceeded();

        Assert.Equal(
            values.Select((value, at) => Canonical($$"""{"user_id":{{at}},"v":{{value.Json}}}""")),
            one.Records().Select(Canonical).OrderBy(json => JsonDocument.Parse(json).RootElement.GetProperty("user_id").GetInt32()));
    }

    // Text may be escaped in more than one way; all else has to be the very same.
    private static string Canonical(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Canonical(document.RootElement);
    }

    private static string Canonical(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => $"{{{string.Join(',', element.EnumerateObject().Select(field => $"{JsonSerializer.Serialize(field.Name)}:{Canonical(field.Value)}"))}}}",
        JsonValueKind.Array => $"[{string.Join(',', element.EnumerateArray().Select(Canonical))}]",
        JsonValueKind.String => JsonSerializer.Serialize(element.GetString()),
        _ => element.GetRawText(),
    };

    private sealed class OneConnection : IDisposable
    {
        private static readonly Lazy<ConnectedShell> Shared = new(() => ConnectedShell.Open());
        private static int s_connections;
        private readonly OptimoveDC.Emulator.EmulatedConnection _connection;

        internal OneConnection()
        {
            _connection = Shell.Server.Service.AddConnection(Shell.Brand, $"r{Interlocked.Increment(ref s_connections)}", "user_id");
            Shell.Shell.Set("id", _connection.Id);
        }

        internal ConnectedShell Shell { get; } = Shared.Value;

        internal IEnumerable<string> Records() => _connection.Records.Select(record => record.Json);

        public void Dispose() => Shell.Shell.Set("piped", null);
    }
}
