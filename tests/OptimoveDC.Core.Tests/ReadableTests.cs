using System.Globalization;

namespace OptimoveDC.Core.Tests;

/// <summary>Numbers as a person reads them, at the edges of their units too.</summary>
public sealed class ReadableTests : IDisposable
{
    private readonly CultureInfo _before = CultureInfo.CurrentCulture;

    public ReadableTests() => CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "1.0 kB")]
    [InlineData(1_234_567, "1.2 MB")]
    [InlineData(999_949, "999.9 kB")]
    [InlineData(999_950, "1.0 MB")]
    [InlineData(4_000_000_000, "4.0 GB")]
    [InlineData(long.MaxValue, "9.2 EB")]
    public void A_size_has_a_unit_that_leaves_few_digits(long bytes, string text) => Assert.Equal(text, Readable.Size(bytes));

    [Theory]
    [InlineData(0, "0/s")]
    [InlineData(0.5, "0.5/s")]
    [InlineData(12345.4, "12,345/s")]
    public void A_rate_is_a_second(double rate, string text) => Assert.Equal(text, Readable.Rate(rate));

    [Theory]
    [InlineData(0, "0 ms")]
    [InlineData(0.9994, "999 ms")]
    [InlineData(0.9996, "1.0 s")]
    [InlineData(59.94, "59.9 s")]
    [InlineData(59.96, "1 min 00 s")]
    [InlineData(245, "4 min 05 s")]
    [InlineData(3599.6, "1 h 00 min")]
    [InlineData(7500, "2 h 05 min")]
    [InlineData(86399, "1 d 00 h")]
    [InlineData(86400, "1 d 00 h")]
    [InlineData(273600, "3 d 04 h")]
    [InlineData(-12.3, "-12.3 s")]
    public void A_duration_shows_its_two_largest_units(double seconds, string text) =>
        Assert.Equal(text, Readable.Duration(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Numbers_are_written_as_the_users_culture_writes_them()
    {
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");

        Assert.Equal(("1,2 MB", "12.345/s", "12,3 s"), (Readable.Size(1_234_567), Readable.Rate(12345), Readable.Duration(TimeSpan.FromSeconds(12.3))));
    }

    public void Dispose() => CultureInfo.CurrentCulture = _before;
}
