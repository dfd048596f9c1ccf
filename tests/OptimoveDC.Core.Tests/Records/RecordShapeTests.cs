using System.Text;
using OptimoveDC.Core.Records;

namespace OptimoveDC.Core.Tests.Records;

/// <summary>The shape of a record tells everything but what is in it.</summary>
public sealed class RecordShapeTests
{
    [Theory]
    [InlineData("""{"user_id":"0000042","amount":12.50,"gold":true,"gone":null}""", "{ user_id: text(7), amount: number(5), gold: boolean, gone: null }, 60 bytes")]
    [InlineData("""{"tags":["secret","b"],"orders":[{"id":7,"x":[1,2]},{"id":8}],"none":[],"deep":[[1],[2]]}""", "{ tags: list(2) of text(6), orders: list(2) of { id: number(1), x: list(2) of number(1) }, none: list(0), deep: list(2) }, 89 bytes")]
    [InlineData("""{"a":{"b":{"c":{"d":{"e":{"f":"secret"}}}}}}""", "{ a: { b: { c: { d: object } } } }, 44 bytes")]
    [InlineData("{}", "{ }, 2 bytes")]
    [InlineData("\"4942985\"", "text(7), 9 bytes")]
    [InlineData("54490", "number(5), 5 bytes")]
    public void Names_kinds_and_sizes_are_told_and_no_value(string json, string shape) =>
        Assert.Equal(shape, RecordShape.Describe(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Of_a_very_wide_record_the_first_fields_are_told()
    {
        var json = "{" + string.Join(',', Enumerable.Range(1, 60).Select(number => $"\"f{number}\":{number}")) + "}";

        Assert.EndsWith("f50: number(2), and 10 more }, 523 bytes", RecordShape.Describe(Encoding.UTF8.GetBytes(json)), StringComparison.Ordinal);
    }
}
