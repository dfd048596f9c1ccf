using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using OptimoveDC.Core.Records;

namespace OptimoveDC.Core.Tests.Records;

/// <summary>A text becomes the same field whether it is a file's bytes or an object's characters.</summary>
public sealed class RecordFieldTests
{
    private static readonly string[] Texts =
    [
        "", " ", "Köln", "a \"quoted\" \\ text\twith\nlines\r\n", "𝒪𝓅𝓉𝒾", "\u0000\u001f\u2028",
        "0", "-0", "12.50", "1e400", "007", "+1", "1,5", " 1", "0x1", "１", "NaN",
        "true", "FALSE", "True ", "yes", "1\u0000", "true\u0000",
        "null", "{}", "[1, 2]", "{\"a\":\n 1}", "[1,\r\n2]", "{\"a\":}", "{\"a\":1,\"a\":2}", "\"text\"", "[1] x",
        new string('9', 300), new string('x', 300),
    ];

    public static MatrixTheoryData<ColumnType, EmptyValue> Ways() => new(Enum.GetValues<ColumnType>(), Enum.GetValues<EmptyValue>());

    [Theory]
    [MemberData(nameof(Ways))]
    public void Characters_and_bytes_are_written_alike_or_refused_for_the_same_reason(ColumnType type, EmptyValue emptyValue)
    {
        var field = new RecordField("a \"field\"", type);

        Assert.All(Texts, text =>
        {
            var (characters, whyCharacters) = FromCharacters(field, text, emptyValue);
            var (bytes, whyBytes) = FromBytes(field, text, emptyValue);

            Assert.Equal(whyCharacters, whyBytes);
            Assert.Equal(ValueIn(characters), ValueIn(bytes));
            Assert.DoesNotContain('\n', characters + bytes);
        });
    }

    [Theory]
    [InlineData(ColumnType.Number, "12.50", "12.50")]
    [InlineData(ColumnType.Boolean, "TRUE", "true")]
    [InlineData(ColumnType.Json, "[1, 2]", "[1, 2]")]
    [InlineData(ColumnType.Json, "[1,\n 2]", "[1,2]")]
    [InlineData(ColumnType.Text, "007", "\"007\"")]
    public void A_text_that_fits_is_sent_as_its_type(ColumnType type, string text, string json) =>
        Assert.Equal(($$"""{"f":{{json}}}""", null), FromCharacters(new RecordField("f", type), text, EmptyValue.Text));

    [Theory]
    [InlineData(ColumnType.Number, "1,5", "is not a JSON number")]
    [InlineData(ColumnType.Boolean, "yes", "is neither true nor false")]
    [InlineData(ColumnType.Json, "{", "is not JSON")]
    [InlineData(ColumnType.Number, "", "is empty, and Number can't be")]
    public void A_text_that_does_not_fit_says_which_column_and_why(ColumnType type, string text, string why)
    {
        var (_, reason) = FromCharacters(new RecordField("amount", type), text, EmptyValue.Text);

        Assert.StartsWith("column 'amount' ", reason, StringComparison.Ordinal);
        Assert.Contains(why, reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_a_character_is_refused_for_its_column() =>
        Assert.StartsWith("column 'amount' ", FromCharacters(new RecordField("amount", ColumnType.Text), "half \ud800", EmptyValue.Text).Reason, StringComparison.Ordinal);

    [Fact]
    public void Random_text_is_written_as_it_is_from_characters_and_from_UTF_8()
    {
        var random = new Random(26);
        string[] pieces = ["a", "Z", " ", "\"", "\\", "\n", "\r", "\t", "\0", "\u001f", "\u007f", "\u0080", "é", "\u07ff", "\u0800", "東", "\u2028", "\ufeff", "\uffff", "🎁", "\U0010ffff"];
        var field = new RecordField("f", ColumnType.Text);
        for (var round = 0; round < 20_000; round++)
        {
            // Mostly plain, so that the odd one out stands at every place of a block.
            var text = string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => random.Next(round % 3 == 0 ? 2 : 12) == 0 ? pieces[random.Next(pieces.Length)] : "x"));

            var (json, reason) = FromCharacters(field, text, EmptyValue.Text);

            Assert.Null(reason);
            Assert.Equal(text, JsonDocument.Parse(json).RootElement.GetProperty("f").GetString());
            Assert.Equal(text, JsonDocument.Parse(FromBytes(field, text, EmptyValue.Text).Json).RootElement.GetProperty("f").GetString());
        }
    }

    [Fact]
    public void A_text_that_no_request_can_carry_is_refused_for_its_column() =>
        Assert.Contains("more than any request can carry", FromCharacters(new RecordField("f", ColumnType.Text), new string('x', (1 << 25) + 1), EmptyValue.Text).Reason, StringComparison.Ordinal);

    [Fact]
    public void Half_a_character_is_found_wherever_it_stands()
    {
        var field = new RecordField("f", ColumnType.Text);
        for (var length = 1; length < 40; length++)
        {
            for (var at = 0; at < length; at++)
            {
                foreach (var half in "\ud83c\udf81")
                {
                    var text = new string('x', length).Remove(at, 1).Insert(at, half.ToString());
                    Assert.Contains("half a character", FromCharacters(field, text, EmptyValue.Text).Reason, StringComparison.Ordinal);
                }
            }
        }
    }

    // Text may be escaped in more than one way; all else is sent as it stands.
    private static string? ValueIn(string json)
    {
        using var record = JsonDocument.Parse(json);
        var fields = record.RootElement.EnumerateObject().ToList();
        if (fields.Count == 0)
        {
            return null;
        }

        var field = Assert.Single(fields);
        Assert.Equal("a \"field\"", field.Name);
        return field.Value.ValueKind == JsonValueKind.String ? "text " + field.Value.GetString() : field.Value.GetRawText();
    }

    private static (string Json, string? Reason) FromCharacters(RecordField field, string text, EmptyValue emptyValue)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        var reason = field.Write(json, text, emptyValue);
        json.WriteEndObject();
        json.Flush();
        return (reason is null ? Encoding.UTF8.GetString(bytes.WrittenSpan) : "{}", reason);
    }

    private static (string Json, string? Reason) FromBytes(RecordField field, string text, EmptyValue emptyValue)
    {
        var record = new RecordBuffer();
        record.Open();
        var reason = field.Append(record, Encoding.UTF8.GetBytes(text), emptyValue);
        record.Close();
        return (reason is null ? Encoding.UTF8.GetString(record.Bytes) : "{}", reason);
    }
}
