using System.Text;
using OptimoveDC.Core.Records;

namespace OptimoveDC.Core.Tests.Records;

/// <summary>Primary keys as they are sent.</summary>
public sealed class RecordKeyTests
{
    [Theory]
    [InlineData(KeyType.AsGiven, "007", "\"007\"")]
    [InlineData(KeyType.String, "007", "\"007\"")]
    [InlineData(KeyType.AsGiven, " x ", "\" x \"")]
    [InlineData(KeyType.AsGiven, "a\"b\\c", "\"a\\\"b\\\\c\"")]
    [InlineData(KeyType.AsGiven, "Łódź", "\"Łódź\"")]
    [InlineData(KeyType.Number, "54490", "54490")]
    [InlineData(KeyType.Number, "1.50", "1.50")]
    public void Text_is_sent_as_the_key_type_says(KeyType type, string text, string json)
    {
        var key = new RecordKey(type);
        Assert.Null(key.SetText(text));
        Assert.Equal(json, Encoding.UTF8.GetString(key.Json));
    }

    [Theory]
    [InlineData(KeyType.AsGiven, "54490")]
    [InlineData(KeyType.Number, "54490")]
    [InlineData(KeyType.String, "\"54490\"")]
    public void A_number_is_sent_as_the_key_type_says(KeyType type, string json)
    {
        var key = new RecordKey(type);
        Assert.Null(key.SetNumber("54490"));
        Assert.Equal(json, Encoding.UTF8.GetString(key.Json));
    }

    [Theory]
    [InlineData(KeyType.AsGiven, "", "empty")]
    [InlineData(KeyType.AsGiven, " \t", "blank")]
    [InlineData(KeyType.Number, "007", "-KeyType Number")]
    public void What_can_be_no_key_is_refused_with_the_reason(KeyType type, string text, string reason) =>
        Assert.Contains(reason, new RecordKey(type).SetText(text), StringComparison.Ordinal);

    [Fact]
    public void Half_a_character_is_refused_rather_than_replaced() =>
        Assert.Contains("half a character", new RecordKey(KeyType.AsGiven).SetText("a\uD800"), StringComparison.Ordinal);
}
