using OptimoveDC.Core.Records;

namespace OptimoveDC.Core.Tests.Records;

public sealed class RecordHashTests
{
    private static readonly byte[] Text = [.. Enumerable.Range(0, 300).Select(at => (byte)((at * 31) ^ (at >> 2)))];

    [Fact]
    public void Every_length_and_every_byte_of_every_length_counts()
    {
        var seen = new HashSet<string>();
        var short64 = new HashSet<ulong>();
        for (var length = 0; length <= Text.Length; length++)
        {
            var bytes = Text[..length];
            Assert.True(seen.Add(Hash(bytes)), $"the first {length} bytes");
            Assert.True(short64.Add(RecordHash.Of(bytes)), $"the first {length} bytes, in 64 bits");
            for (var at = 0; at < length; at++)
            {
                bytes[at] ^= 0x10;
                Assert.True(seen.Add(Hash(bytes)), $"byte {at} of {length}");
                Assert.True(short64.Add(RecordHash.Of(bytes)), $"byte {at} of {length}, in 64 bits");
                bytes[at] ^= 0x10;
            }
        }
    }

    [Fact]
    public void Zeros_are_told_by_how_many_they_are()
    {
        var hashes = Enumerable.Range(0, 200).Select(length => Hash(new byte[length])).ToHashSet();

        Assert.Equal(200, hashes.Count);
    }

    [Fact]
    public void Rows_that_change_places_make_another_hash()
    {
        var one = Text[..64];
        var other = Text[64..128];
        Assert.NotEqual(Hash([.. one, .. other]), Hash([.. other, .. one]));
        Assert.NotEqual(Hash([.. one[..16], .. one[16..32], .. other]), Hash([.. one[16..32], .. one[..16], .. other]));

        // And so do those that come one by one.
        var forward = default(RecordHash);
        forward.Append(one);
        forward.Append(other);
        var backward = default(RecordHash);
        backward.Append(other);
        backward.Append(one);
        Assert.NotEqual(forward.ToString(), backward.ToString());
    }

    [Fact]
    public void Keys_in_a_row_spread_over_all_bits()
    {
        // Of 2^16 keys, some 63 in 100 of 2^16 places are taken when they fall by chance, whichever bits tell the place.
        const int Keys = 1 << 16;
        var hashes = Enumerable.Range(0, Keys).Select(n => RecordKey.HashOf($"C{n:D7}")).ToList();

        Assert.Equal(Keys, hashes.Distinct().Count());
        for (var shift = 0; shift <= 48; shift += 8)
        {
            var places = hashes.Select(hash => (ushort)(hash >> shift)).Distinct().Count();
            Assert.InRange(places, Keys * 62 / 100, Keys * 65 / 100);
        }
    }

    // What is on disk has been made with it. The values were worked out apart from the code, from its description.
    [Theory]
    [InlineData("", "1EB244682E62CA053317DF1E06A6BA83")]
    [InlineData("C0000001", "28A02DE717CB411E9261FE89C13FA9C5")]
    [InlineData("{\"user_id\":\"C0000001\",\"v\":1}", "E1C69B68278A004B9877997A37E8F394")]
    public void A_hash_stays_what_it_is(string text, string hash) => Assert.Equal(hash, Hash(System.Text.Encoding.UTF8.GetBytes(text)));

    private static string Hash(byte[] bytes)
    {
        var hash = default(RecordHash);
        hash.Append(bytes);
        return hash.ToString();
    }
}
