using System.Text;
using OptimoveDC.Core.Sync;

namespace OptimoveDC.Core.Tests.Sync;

/// <summary>The keys of a source in the order of the state, however many and long they are.</summary>
public sealed class SourceKeysTests
{
    [Theory]
    [InlineData(1, 50, 8)]
    [InlineData(2, 20_000, 900)]
    [InlineData(3, 300, 70_000)]
    public void Every_key_comes_once_in_order_with_its_places_in_order(int seed, int count, int longest)
    {
        var random = new Random(seed);
        using var source = new SourceKeys();
        var keys = new SortedKeys();
        var expected = new List<(ulong Hash, string Json, long Place, UInt128 Content)>();
        for (var place = 0L; place < count; place++)
        {
            // Some hashes are those of other keys, and some keys come again.
            var again = place > 0 && random.Next(4) == 0 ? expected[random.Next((int)place)] : default;
            var json = again.Json is not null && random.Next(2) == 0 ? again.Json : '"' + new string((char)('a' + random.Next(26)), random.Next(1, longest)) + place + '"';
            var hash = again.Json is not null ? again.Hash : (ulong)random.NextInt64(long.MinValue, long.MaxValue);
            var content = new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64());
            expected.Add((hash, json, place, content));
            source.Add(hash, Encoding.UTF8.GetBytes(json), content, place);
        }

        var found = new List<(ulong, string, long, UInt128)>();
        for (var part = 0; part < SourceKeys.Parts; part++)
        {
            source.Sort(part, keys);
            for (var entry = 0; entry < keys.Count; entry++)
            {
                Assert.Equal((ulong)part, keys.WaitHash(entry) >> 56);
                found.Add((keys.WaitHash(entry), Encoding.UTF8.GetString(keys.Json(entry)), keys.Place(entry), keys.Content(entry)));
            }
        }

        Assert.Equal(expected.OrderBy(key => key.Hash).ThenBy(key => key.Json, StringComparer.Ordinal).ThenBy(key => key.Place), found);
    }
}
