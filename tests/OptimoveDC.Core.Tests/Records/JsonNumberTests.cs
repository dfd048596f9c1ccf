using OptimoveDC.Core.Records;

namespace OptimoveDC.Core.Tests.Records;

/// <summary>What is a number in JSON.</summary>
public sealed class JsonNumberTests
{
    [Theory]
    [InlineData("0")]
    [InlineData("-0")]
    [InlineData("1.50")]
    [InlineData("1e5")]
    [InlineData("-12.5E-7")]
    [InlineData("123456789012345678901234567890")]
    public void Numbers_of_the_JSON_grammar_are_numbers(string text) => Assert.True(JsonNumber.IsValid(text));

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("007")]
    [InlineData("+5")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("1,5")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("0x10")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("\u0661")]
    public void Everything_else_is_not(string text) => Assert.False(JsonNumber.IsValid(text));

    [Theory]
    [InlineData("1", "1.0")]
    [InlineData("1", "1e0")]
    [InlineData("100", "1e2")]
    [InlineData("0.5", "5E-1")]
    [InlineData("0", "0.0")]
    [InlineData("0", "-0")]
    [InlineData("0", "-0.00E+7")]
    public void Spellings_of_one_number_wait_for_each_other(string one, string other)
    {
        Assert.Equal(HashOfNumber(one), HashOfNumber(other));
        Assert.Equal(HashOfNumber(one), HashOfText(other));
    }

    [Fact]
    public void A_text_and_a_number_of_the_same_digits_wait_for_each_other_but_are_two_keys()
    {
        var text = new RecordKey(KeyType.AsGiven);
        var number = new RecordKey(KeyType.AsGiven);
        text.SetText("54490");
        number.SetNumber("54490");

        Assert.Equal(text.WaitHash, number.WaitHash);
        Assert.False(text.Json.SequenceEqual(number.Json));
    }

    private static ulong HashOfNumber(string digits)
    {
        var key = new RecordKey(KeyType.AsGiven);
        Assert.Null(key.SetNumber(digits));
        return key.WaitHash;
    }

    private static ulong HashOfText(string text)
    {
        var key = new RecordKey(KeyType.AsGiven);
        Assert.Null(key.SetText(text));
        return key.WaitHash;
    }
}
