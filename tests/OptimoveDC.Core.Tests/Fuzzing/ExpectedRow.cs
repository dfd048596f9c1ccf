namespace OptimoveDC.Core.Tests.Fuzzing;

/// <summary>A row as a witness reads it.</summary>
/// <param name="Line">The line it starts at.</param>
/// <param name="Key">Its key in plain form; null when the row must be rejected.</param>
/// <param name="Value">The record in plain form; null when the row must be rejected.</param>
internal sealed record ExpectedRow(long Line, string? Key, string? Value);
