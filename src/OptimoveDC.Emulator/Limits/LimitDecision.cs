namespace OptimoveDC.Emulator;

/// <summary>What a limit says to a request.</summary>
/// <param name="Accepted">Whether the request may pass.</param>
/// <param name="Limit">The most requests the limit lets through at once.</param>
/// <param name="Remaining">How many more would pass now.</param>
/// <param name="FreesAt">When the limit lets more through than now; for a refused request, when one would be accepted.</param>
internal readonly record struct LimitDecision(bool Accepted, int Limit, int Remaining, DateTimeOffset FreesAt);
