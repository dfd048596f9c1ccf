using System.Globalization;

namespace OptimoveDC;

/// <summary>Numbers as a person reads them. The module's views use it, and so can a script's report.</summary>
public static class Readable
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];

    /// <summary>A number of bytes: <c>812 B</c>, <c>1.2 MB</c>. A kB is 1000 bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    public static string Size(long bytes)
    {
        var size = (double)bytes;
        var unit = 0;

        // What would be shown as 1000.0 kB is a MB.
        while (Math.Abs(size) >= (unit == 0 ? 1000 : 999.95) && unit < Units.Length - 1)
        {
            size /= 1000;
            unit++;
        }

        return $"{size.ToString(unit == 0 ? "N0" : "N1", CultureInfo.CurrentCulture)} {Units[unit]}";
    }

    /// <summary>A number in a second: <c>12,345/s</c>.</summary>
    /// <param name="perSecond">How many.</param>
    public static string Rate(double perSecond) => perSecond.ToString(perSecond is > 0 and < 10 ? "N1" : "N0", CultureInfo.CurrentCulture) + "/s";

    /// <summary>A duration by its two largest units: <c>350 ms</c>, <c>12.3 s</c>, <c>4 min 05 s</c>, <c>2 h 05 min</c>, <c>3 d 04 h</c>.</summary>
    /// <param name="duration">The duration.</param>
    public static string Duration(TimeSpan duration)
    {
        if (duration < TimeSpan.Zero)
        {
            return "-" + Duration(duration.Negate());
        }

        // Rounded first, so that 59.96 s is a minute and not sixty seconds.
        var milliseconds = Math.Round(duration.TotalMilliseconds);
        var tenths = Math.Round(duration.TotalSeconds, 1);
        var seconds = TimeSpan.FromSeconds(Math.Round(duration.TotalSeconds));
        var minutes = TimeSpan.FromMinutes(Math.Round(duration.TotalMinutes));
        var hours = TimeSpan.FromHours(Math.Round(duration.TotalHours));
        return true switch
        {
            _ when milliseconds < 1000 => string.Create(CultureInfo.CurrentCulture, $"{milliseconds:F0} ms"),
            _ when tenths < 60 => string.Create(CultureInfo.CurrentCulture, $"{tenths:F1} s"),
            _ when seconds < TimeSpan.FromHours(1) => string.Create(CultureInfo.CurrentCulture, $"{seconds.Minutes} min {seconds.Seconds:D2} s"),
            _ when minutes < TimeSpan.FromDays(1) => string.Create(CultureInfo.CurrentCulture, $"{minutes.Hours} h {minutes.Minutes:D2} min"),
            _ => string.Create(CultureInfo.CurrentCulture, $"{hours.Days:N0} d {hours.Hours:D2} h"),
        };
    }
}
