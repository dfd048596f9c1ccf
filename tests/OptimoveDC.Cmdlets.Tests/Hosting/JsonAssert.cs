using System.Text.Json.Nodes;

namespace OptimoveDC.Cmdlets.Tests.Hosting;

/// <summary>Compares JSON as JSON: neither white space nor the order of properties counts.</summary>
public static class JsonAssert
{
    public static void Equal(string expected, string? actual)
    {
        Assert.NotNull(actual);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual)), $"expected {expected}, got {actual}");
    }
}
