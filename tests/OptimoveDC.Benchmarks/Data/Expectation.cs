namespace OptimoveDC.Benchmarks.Data;

/// <summary>
/// A set of records in three numbers: how many, the sum of the hashes of their keys, and the sum of the hashes of
/// the whole records. A record that is missing, doubled or changed changes a sum; the order of arrival doesn't.
/// </summary>
/// <param name="Records">How many.</param>
/// <param name="KeySum">The keys.</param>
/// <param name="RecordSum">The records: every name and every value. 0 where only keys arrive.</param>
internal sealed record Expectation(long Records, ulong KeySum, ulong RecordSum);
