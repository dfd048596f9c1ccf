using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Management.Automation;

namespace OptimoveDC.Cmdlets.Arguments;

/// <summary>Reads a time-to-live in any form that a user may have it.</summary>
internal static class TimeToLive
{
    /// <summary>Reads seconds (a number, or text that is one), a TimeSpan, or text like <c>1.00:00:00</c>.</summary>
    /// <param name="value">The value; null for «never expires».</param>
    /// <param name="seconds">The seconds; null for «never expires».</param>
    /// <param name="reason">Why it can't be used.</param>
    internal static bool TryRead(object? value, out int? seconds, [NotNullWhen(false)] out string? reason)
    {
        seconds = null;
        reason = null;
        var bare = value is PSObject wrapped ? wrapped.BaseObject : value;
        switch (bare)
        {
            case null:
                return true;
            case TimeSpan span:
                return Check(span.TotalSeconds, out seconds, out reason);
            case string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number):
                return Check(number, out seconds, out reason);
            case string text when text.Contains(':') && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span):
                return Check(span.TotalSeconds, out seconds, out reason);
            case byte or sbyte or short or ushort or int or uint or long or ulong or float or double or decimal:
                return Check(Convert.ToDouble(bare, CultureInfo.InvariantCulture), out seconds, out reason);
            default:
                reason = $"The time-to-live '{bare}' is neither a number of seconds nor a TimeSpan.";
                return false;
        }
    }

    private static bool Check(double number, out int? seconds, [NotNullWhen(false)] out string? reason)
    {
        seconds = null;
        reason = number switch
        {
            0 => "A time-to-live of 0 has a meaning only for connections fed by another API. Leave it out (or give $null) for records that never expire.",
            < 0 => "A time-to-live can't be negative. Leave it out (or give $null) for records that never expire.",
            > int.MaxValue or double.NaN => "A time-to-live can't be longer than 2147483647 seconds.",
            _ when number != Math.Floor(number) => "A time-to-live must be a whole number of seconds.",
            _ => null,
        };
        if (reason is not null)
        {
            return false;
        }

        seconds = (int)number;
        return true;
    }
}
