using OptimoveDC.Core.IO;
using OptimoveDC.Core.Records.Columns;

namespace OptimoveDC.Core.Tests.Records;

/// <summary>What the last import sent is remembered for each Data Connection, and never stands in the way.</summary>
public sealed class LastColumnsTests : IDisposable
{
    private readonly Guid _connection = Guid.NewGuid();

    private string Memory => UserFolder.PathOf("columns", $"{_connection:N}.json");

    [Fact]
    public void Of_a_connection_that_nothing_was_sent_to_nothing_is_missed() =>
        Assert.Null(LastColumns.FindMissing(_connection, ["user_id"]));

    [Fact]
    public void What_a_source_lacks_is_named_and_what_it_has_or_adds_is_not()
    {
        LastColumns.Remember(_connection, ["user_id", "city", "tier"]);

        Assert.Null(LastColumns.FindMissing(_connection, ["tier", "user_id", "city", "new"]));
        Assert.Null(LastColumns.FindMissing(Guid.NewGuid(), ["user_id"]));
        var one = LastColumns.FindMissing(_connection, ["user_id", "tier", "City"]);
        Assert.Contains("sent 'city'. ", one, StringComparison.Ordinal);
        Assert.EndsWith("that field is gone.", one, StringComparison.Ordinal);
        Assert.EndsWith("those fields are gone.", LastColumns.FindMissing(_connection, ["user_id"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_many_that_are_missing_the_first_ten_are_named()
    {
        LastColumns.Remember(_connection, [.. Enumerable.Range(0, 12).Select(number => $"c{number}")]);

        var warning = LastColumns.FindMissing(_connection, ["c0"]);

        Assert.Contains("'c1'", warning, StringComparison.Ordinal);
        Assert.Contains("'c10', …", warning, StringComparison.Ordinal);
        Assert.DoesNotContain("'c11'", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_source_of_no_columns_is_neither_compared_nor_remembered()
    {
        LastColumns.Remember(_connection, ["user_id", "city"]);
        LastColumns.Remember(_connection, []);

        Assert.Null(LastColumns.FindMissing(_connection, []));
        Assert.NotNull(LastColumns.FindMissing(_connection, ["user_id"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[\"user_id\"")]
    [InlineData("{\"user_id\":1}")]
    [InlineData("null")]
    public void A_memory_that_cannot_be_read_is_none(string text)
    {
        LastColumns.Remember(_connection, ["user_id", "city"]);
        File.WriteAllText(Memory, text);

        Assert.Null(LastColumns.FindMissing(_connection, ["user_id"]));
    }

    [Fact]
    public void Where_nothing_can_be_written_nothing_is_said()
    {
        Directory.CreateDirectory(Memory);

        LastColumns.Remember(_connection, ["user_id", "city"]);

        Assert.Null(LastColumns.FindMissing(_connection, ["user_id"]));
    }

    public void Dispose()
    {
        if (Directory.Exists(Memory))
        {
            Directory.Delete(Memory);
        }
        else if (File.Exists(Memory))
        {
            File.Delete(Memory);
        }
    }
}
