using OptimoveDC.Core.Records;

namespace OptimoveDC.Core.Tests.Records;

public sealed class JsonEscapesTests
{
    [Fact]
    public void It_copies_up_to_the_first_byte_that_may_not_stand_whatever_the_length_and_the_place()
    {
        byte[] mayNot = [.. Enumerable.Range(0, 0x20).Select(value => (byte)value), (byte)'"', (byte)'\\'];
        for (var length = 0; length <= 70; length++)
        {
            var text = Enumerable.Range(0, length).Select(at => (byte)(0x23 + (at * 7 % 0x39))).ToArray();
            Check(text, length);
            for (var at = 0; at < length; at++)
            {
                var bad = text.ToArray();
                bad[at] = mayNot[(at + length) % mayNot.Length];
                Check(bad, at);
            }
        }
    }

    [Fact]
    public void Every_byte_alone_is_judged_as_JSON_does_in_short_middling_and_long_texts()
    {
        foreach (var length in (int[])[1, 9, 40])
        {
            for (var value = 0; value <= 0xFF; value++)
            {
                var text = Enumerable.Repeat((byte)'x', length).ToArray();
                text[length / 2] = (byte)value;
                Check(text, value is < 0x20 or '"' or '\\' ? length / 2 : length);
            }
        }
    }

    [Fact]
    public void Bytes_beside_one_another_that_borrow_from_each_other_are_each_seen_right()
    {
        var random = new Random(7);
        byte[] pieces = [0x00, 0x01, 0x1F, 0x20, 0x21, 0x22, 0x23, 0x5B, 0x5C, 0x5D, 0x7F, 0x80, 0xA2, 0xDC, 0xFF];
        for (var round = 0; round < 20_000; round++)
        {
            var text = Enumerable.Range(0, random.Next(30)).Select(_ => random.Next(4) == 0 ? pieces[random.Next(pieces.Length)] : (byte)0x41).ToArray();
            var first = Array.FindIndex(text, value => value is < 0x20 or (byte)'"' or (byte)'\\');
            Check(text, first < 0 ? text.Length : first);
        }
    }

    private static void Check(byte[] text, int expected)
    {
        var copy = new byte[text.Length];
        Assert.Equal(expected, JsonEscapes.CopyPlain(text, copy));
        Assert.Equal(text[..expected], copy[..expected]);
    }
}
