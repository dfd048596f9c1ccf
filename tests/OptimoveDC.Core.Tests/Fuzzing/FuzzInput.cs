using System.IO.Compression;
using System.Text;

namespace OptimoveDC.Core.Tests.Fuzzing;

/// <summary>A file of records drawn from a seed.</summary>
/// <param name="Name">Its name, which says what it should be.</param>
/// <param name="Bytes">What is in it.</param>
/// <param name="BatchSize">How many records go into a request.</param>
internal sealed record FuzzInput(string Name, byte[] Bytes, int BatchSize)
{
    private static readonly string[] Kinds = ["csv", "csv", "csv", "tsv", "json", "json", "ndjson", "ndjson"];

    /// <summary>Draws a file.</summary>
    internal static FuzzInput Of(int seed)
    {
        var random = new Random(seed);
        var kind = Kinds[random.Next(Kinds.Length)];
        var corpus = FuzzCorpus.Sources[kind];
        var mutation = new Mutation(random);
        var bytes = mutation.Change(corpus[random.Next(corpus.Count)], corpus);
        if (random.Next(60) == 0)
        {
            bytes = Swell(random, bytes, kind);
        }

        if (random.Next(12) == 0)
        {
            bytes = Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes(Encoding.Latin1.GetString(bytes))).ToArray();
            bytes = random.Next(3) == 0 ? mutation.Change(bytes, corpus) : bytes;
        }

        if (random.Next(10) == 0)
        {
            bytes = Pack(bytes);
            bytes = random.Next(2) == 0 ? mutation.Change(bytes, [bytes]) : bytes;
            return new FuzzInput($"a.{kind}.gz", bytes, random.Next(3) == 0 ? 3 : 5000);
        }

        return new FuzzInput("a." + kind, bytes, random.Next(3) == 0 ? 3 : 5000);
    }

    public override string ToString()
    {
        const int Shown = 3000;
        var text = Encoding.Latin1.GetString(Bytes.AsSpan(0, Math.Min(Bytes.Length, Shown)));
        return $"{Name}, {Bytes.Length} bytes, {BatchSize} a request: {System.Text.Json.JsonSerializer.Serialize(text)}";
    }

    // Beyond what the readers take in at once, so that they go on in the middle of something.
    private static byte[] Swell(Random random, byte[] bytes, string kind)
    {
        var at = random.Next(bytes.Length + 1);
        var filler = kind is "json" && random.Next(2) == 0 ? (byte)' ' : (byte)'x';
        return [.. bytes[..at], .. Enumerable.Repeat(filler, random.Next(100_000, 300_000)), .. bytes[at..]];
    }

    private static byte[] Pack(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }
}
