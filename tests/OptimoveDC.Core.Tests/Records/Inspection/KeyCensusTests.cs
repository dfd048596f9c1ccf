using System.Globalization;
using System.Text;
using OptimoveDC.Core.Records.Inspection;

namespace OptimoveDC.Core.Tests.Records.Inspection;

/// <summary>Every key that comes twice is found, also when the keys are more than memory is to hold.</summary>
public sealed class KeyCensusTests
{
    private const int Many = 600_000;

    [Fact]
    public void Among_many_keys_exactly_the_repeated_ones_are_found()
    {
        var log = new FindingLog("test", isDetailed: true);
        using var census = new KeyCensus(log);
        for (var line = 1; line <= Many; line++)
        {
            // Every thousandth key comes again at the end; 13 of them in another spelling.
            census.Add(Key(line.ToString(CultureInfo.InvariantCulture)), line);
        }

        for (var line = 1000; line <= Many; line += 1000)
        {
            census.Add(Key((line % 50_000 == 7_000 ? "0" : "") + line.ToString(CultureInfo.InvariantCulture)), Many + line);
        }

        while (census.LookThroughNext())
        {
        }

        var findings = log.Take();
        var near = Enumerable.Range(1, Many / 1000).Select(n => n * 1000L).Where(line => line % 50_000 == 7_000).ToList();
        Assert.Equal(Many + near.Count, census.Distinct);
        Assert.Equal(near.Select(line => Many + line), findings.Where(finding => finding.Kind == DataFindingKind.NearDuplicateKey).Select(finding => finding.Line!.Value).Order());
        Assert.Equal((Many / 1000) - near.Count, findings.Count(finding => finding.Kind == DataFindingKind.DuplicateKey));
        Assert.All(
            findings.Where(finding => finding.Kind == DataFindingKind.DuplicateKey),
            finding => Assert.Contains($"is that of line {finding.Line - Many} too", finding.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_key_longer_than_a_block_and_one_key_over_and_over_are_no_trouble()
    {
        var log = new FindingLog("test", isDetailed: false);
        using var census = new KeyCensus(log);
        var longKey = new string('x', 100_000);
        census.Add(Key(longKey), 1);
        for (var line = 2; line < 10_002; line++)
        {
            census.Add(Key("same"), line);
        }

        census.Add(Key(longKey), 20_000);
        census.Add(Key(longKey + "y"), 20_001);
        while (census.LookThroughNext())
        {
        }

        Assert.Equal((3L, 10_000L), (census.Distinct, log.Count(DataFindingKind.DuplicateKey)));
    }

    [Fact]
    public void The_temporary_file_is_the_users_alone_and_leaves_nothing_behind()
    {
        var before = Directory.GetFiles(Path.GetTempPath(), "optimove-keys-*");
        using (var spill = new KeySpill(partitions: 2))
        {
            spill.Write(1, "later"u8);
            spill.Write(0, "ab"u8);
            spill.Write(0, "cd"u8);
            var bytes = new byte[4];
            spill.Read(0, bytes);
            Assert.Equal("abcd", Encoding.ASCII.GetString(bytes));
            Assert.Equal((4L, 5L), (spill.LengthOf(0), spill.LengthOf(1)));
            if (!OperatingSystem.IsWindows())
            {
                // It has lost its name already, so that nothing of it outlives the process.
                Assert.Equal(before, Directory.GetFiles(Path.GetTempPath(), "optimove-keys-*"));
            }
        }

        Assert.Equal(before, Directory.GetFiles(Path.GetTempPath(), "optimove-keys-*"));
    }

    private static byte[] Key(string text) => Encoding.UTF8.GetBytes($"\"{text}\"");
}
