using System.IO.Compression;
using System.Text;
using OptimoveDC.Core.Records;
using OptimoveDC.Core.Records.Files;
using OptimoveDC.Core.Tests.Service;

namespace OptimoveDC.Core.Tests.Records;

/// <summary>What is wrong with a CSV file is said with its line and the reason, and nothing else is lost.</summary>
public sealed class CsvFaultTests
{
    [Theory]
    [InlineData("user_id,v\n1,a\n2\n3,c\n", 3, "the line has 1 fields, the header 2")]
    [InlineData("user_id,v\n1,a\n2,b,c\n3,c\n", 3, "the line has 3 fields, the header 2")]
    [InlineData("user_id,v\n1,a\n,b\n3,c\n", 3, "the primary key is empty")]
    [InlineData("user_id,v\n1,a\n\"  \",b\n3,c\n", 3, "the primary key is blank")]
    [InlineData("user_id,v\n1,\"two\nlines\"\n,b\n3,c\n", 4, "the primary key is empty")]
    [InlineData("user_id,v\r\n1,\"two\r\nlines\"\r\n\r\n,b\r\n3,c\r\n", 5, "the primary key is empty")]
    public async Task A_bad_row_is_rejected_with_its_line_and_the_others_arrive(string text, long line, string reason)
    {
        await using var account = EmulatedAccount.Open();
        var report = await account.LoadCsvAsync(Encoding.UTF8.GetBytes(text));

        var rejection = Assert.Single(report.Rejections);
        Assert.Equal((line, reason), (rejection.Line, rejection.Reason));
        Assert.Equal((3L, 2L, true), (report.Result.Read, report.Result.Sent, report.Result.Completed));
        Assert.Equal(2, account.Connection.Records.Count);
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("user_id,\n1,a\n", "column 2 has no name")]
    [InlineData("user_id, \n1,a\n", "column 2 has no name")]
    [InlineData("user_id,v,v\n1,a,b\n", "columns 2 and 3 are both named 'v'")]
    [InlineData("id,v\n1,a\n", "-KeyProperty names the column 'user_id', which is not there; the columns are 'id', 'v'")]
    [InlineData("User_Id,USER_ID\n1,a\n", "could be several")]
    [InlineData("u\0s\0e\0r\0,v\n", "UTF-16 without a byte-order mark")]
    [InlineData("\"user_id,v\n1,a\n", "not closed")]
    public async Task A_file_whose_header_cannot_be_used_is_refused_before_any_request(string text, string reason)
    {
        await using var account = EmulatedAccount.Open();
        var refusal = await Assert.ThrowsAsync<SourceException>(() => account.LoadCsvAsync(Encoding.UTF8.GetBytes(text)));

        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(".csv", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, account.Server.Service.RequestCount);
    }

    [Theory]
    [InlineData("user_id,v\n1,a\n\"2,b\n3,c\n", "line 3: a quoted field is not closed")]
    [InlineData("user_id,v\n1,a\n\"2\"x,b\n3,c\n", "line 3: a quoted field goes on after its closing quote")]
    public async Task A_file_that_breaks_off_leaves_its_batch_open_and_counts_what_was_read(string text, string reason)
    {
        await using var account = EmulatedAccount.Open();
        var report = await account.LoadCsvAsync(Encoding.UTF8.GetBytes(text));

        Assert.Contains(reason, Assert.IsType<SourceException>(report.Failure).Message, StringComparison.Ordinal);
        Assert.Equal((1L, 1L, false), (report.Result.Read, report.Result.NotSent, report.Result.Completed));
        Assert.Empty(account.Connection.Records);
    }

    [Fact]
    public async Task Bytes_that_are_no_UTF8_stop_the_reading_instead_of_being_replaced()
    {
        await using var account = EmulatedAccount.Open();
        var report = await account.LoadCsvAsync([.. Encoding.UTF8.GetBytes("user_id,v\n" + string.Concat(Enumerable.Range(0, 20_000).Select(n => $"{n},Koeln\n"))), .. "x,K"u8, 0xF6, .. "ln\n"u8]);

        var failure = Assert.IsType<SourceException>(report.Failure);
        Assert.Contains("UTF-8", failure.Message, StringComparison.Ordinal);
        Assert.Equal(20_002, failure.Line);
        Assert.False(report.Result.Completed);
    }

    [Fact]
    public async Task A_gzip_file_cut_short_is_refused_and_not_taken_for_its_end()
    {
        var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(Encoding.UTF8.GetBytes("user_id,v\n" + string.Concat(Enumerable.Range(0, 50_000).Select(n => $"{n},{Guid.NewGuid()}\n"))), TestContext.Current.CancellationToken);
        }

        await using var account = EmulatedAccount.Open();
        var report = await account.LoadCsvAsync(packed.ToArray()[..(int)(packed.Length / 2)]);

        Assert.IsType<SourceException>(report.Failure);
        Assert.False(report.Result.Completed);
        Assert.Empty(account.Connection.Records);
    }

    [Fact]
    public async Task A_file_that_is_not_there_and_a_directory_are_refused_by_name()
    {
        var layout = new FileLayout { KeyProperty = "user_id" };
        var missing = await Assert.ThrowsAsync<SourceException>(() => CsvRecordSource.OpenAsync("/nowhere/customers.csv", layout, CancellationToken.None));
        Assert.Contains("customers.csv", missing.Message, StringComparison.Ordinal);

        var directory = await Assert.ThrowsAsync<SourceException>(() => CsvRecordSource.OpenAsync(Path.GetTempPath(), layout, CancellationToken.None));
        Assert.Contains("directory", directory.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_quote_left_open_at_the_start_of_a_large_file_is_refused_at_its_line()
    {
        await using var account = EmulatedAccount.Open();
        var report = await account.LoadCsvAsync(Encoding.UTF8.GetBytes("user_id,v\n1,\"" + new string('x', 40_000_000)));

        var failure = Assert.IsType<SourceException>(report.Failure);
        Assert.Equal(2, failure.Line);
        Assert.Equal(0, account.Server.Service.RequestCount);
    }
}
