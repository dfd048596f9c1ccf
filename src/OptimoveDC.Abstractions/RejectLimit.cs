using System.Globalization;

namespace OptimoveDC;

/// <summary>How many records may be rejected before a load stops: a number (<c>1000</c>), or a share of those read (<c>5%</c>).</summary>
/// <remarks>A share is held against the records read so far, from the first thousand on: before that a few would be many.</remarks>
public readonly record struct RejectLimit
{
    private const int LeastRead = 1000;
    private readonly long _count;
    private readonly double? _percent;

    /// <summary>A number of records.</summary>
    /// <param name="count">The most that may be rejected; 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public RejectLimit(long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        _count = count;
    }

    private RejectLimit(double percent) => _percent = percent;

    /// <summary>1000 records.</summary>
    public static RejectLimit Default { get; } = new(1000);

    /// <summary>A number of records.</summary>
    /// <param name="count">The most that may be rejected; 0 or more.</param>
    public static implicit operator RejectLimit(long count) => new(count);

    /// <summary>A number of records.</summary>
    /// <param name="count">The most that may be rejected; 0 or more.</param>
    public static RejectLimit FromInt64(long count) => new(count);

    /// <summary>A share of the records read.</summary>
    /// <param name="percent">From 0 to 100.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not a percentage.</exception>
    public static RejectLimit OfPercent(double percent) => percent is >= 0 and <= 100
        ? new RejectLimit(percent)
        : throw new ArgumentOutOfRangeException(nameof(percent), percent, "A share is from 0 % to 100 %.");

    /// <summary>Reads a number, or a number and a percent sign.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">It is neither.</exception>
    public static RejectLimit Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var trimmed = text.Trim();
        if (trimmed.EndsWith('%')
            && double.TryParse(trimmed[..^1].TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent)
            && percent <= 100)
        {
            return OfPercent(percent);
        }

        return long.TryParse(trimmed, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? new RejectLimit(count)
            : throw new FormatException($"'{text}' is neither a number of records (1000) nor a share of them (5%).");
    }

    /// <summary>Whether a load is beyond the limit.</summary>
    /// <param name="rejected">Records rejected so far.</param>
    /// <param name="read">Records read so far.</param>
    public bool IsExceededBy(long rejected, long read) => _percent is { } percent
        ? rejected * 100.0 > percent * Math.Max(read, LeastRead)
        : rejected > _count;

    /// <inheritdoc/>
    public override string ToString() => _percent is { } percent
        ? percent.ToString(CultureInfo.InvariantCulture) + "%"
        : _count.ToString(CultureInfo.InvariantCulture);
}
