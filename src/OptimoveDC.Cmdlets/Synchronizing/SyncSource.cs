using OptimoveDC.Core.Records;

namespace OptimoveDC.Cmdlets.Synchronizing;

/// <summary>What a sync reads, twice.</summary>
/// <param name="Name">Its name in results and messages.</param>
/// <param name="Path">The file that it is; null for any other source.</param>
/// <param name="OpenAsync">Opens it, from its beginning.</param>
internal sealed record SyncSource(string Name, string? Path, Func<CancellationToken, Task<IRecordSource>> OpenAsync);
