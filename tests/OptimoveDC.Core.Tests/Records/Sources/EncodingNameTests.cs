using System.Text;
using OptimoveDC.Core.Records.Files;

namespace OptimoveDC.Core.Tests.Records.Sources;

/// <summary>Encodings go by the names that the shell has for them, by those of the registry, and by their numbers.</summary>
public sealed class EncodingNameTests
{
    [Theory]
    [InlineData("utf8", 65001)]
    [InlineData("utf8BOM", 65001)]
    [InlineData(" UTF8NoBOM ", 65001)]
    [InlineData("utf-8", 65001)]
    [InlineData("unicode", 1200)]
    [InlineData("UTF16", 1200)]
    [InlineData("bigendianunicode", 1201)]
    [InlineData("utf32", 12000)]
    [InlineData("bigendianutf32", 12001)]
    [InlineData("windows-1252", 1252)]
    [InlineData("1252", 1252)]
    [InlineData("latin1", 28591)]
    [InlineData("ascii", 20127)]
    [InlineData("shift_jis", 932)]
    public void A_name_is_known(string name, int codePage) => Assert.Equal(codePage, TextEncoding.Find(name).CodePage);

    [Theory]
    [InlineData("ansi")]
    [InlineData("oem")]
    public void The_ones_of_the_culture_are_known_where_it_has_any(string name) =>
        Assert.IsType<Encoding>(TextEncoding.Find(name), exactMatch: false);

    [Theory]
    [InlineData("utf7", "UTF-7 is not read")]
    [InlineData("UTF-7", "UTF-7 is not read")]
    [InlineData("no-such-encoding", "There is no encoding 'no-such-encoding'")]
    [InlineData("99999", "There is no encoding '99999'")]
    [InlineData("", "There is no encoding ''")]
    public void What_is_none_is_refused_with_what_would_be_one(string name, string why) =>
        Assert.Contains(why, Assert.Throws<ArgumentException>(() => TextEncoding.Find(name)).Message, StringComparison.Ordinal);
}
