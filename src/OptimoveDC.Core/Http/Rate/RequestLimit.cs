using System.Globalization;

namespace OptimoveDC.Core.Http.Rate;

/// <summary>A limit on requests, as it is kept: learned from the service, or given by the user.</summary>
/// <param name="Requests">How many requests; a fraction only where the user gave one.</param>
/// <param name="Window">In how much time.</param>
/// <param name="IsFixed">True when the user gave it, false when it was learned.</param>
public sealed record RequestLimit(double Requests, TimeSpan Window, bool IsFixed)
{
    /// <summary>The limit in words, such as <c>50 per 10 s</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Requests:0.###} per {Window.TotalSeconds:0.##} s");
}
