namespace OptimoveDC.Core.Tests.Loading.Properties;

/// <summary>A rule that a case broke.</summary>
/// <param name="Rule">The rule, as a sentence.</param>
/// <param name="Detail">Where and how.</param>
internal sealed record Violation(string Rule, string Detail);
