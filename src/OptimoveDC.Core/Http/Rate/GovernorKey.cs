namespace OptimoveDC.Core.Http.Rate;

/// <summary>What a service counts requests by, and so do we.</summary>
/// <param name="Host">The host's name and its port.</param>
/// <param name="ApiKey">A hash of the API key, salted anew in each process: the key itself is kept nowhere.</param>
/// <param name="TimeProvider">The clock. There is one in a process, but for tests.</param>
internal readonly record struct GovernorKey(string Host, string ApiKey, TimeProvider TimeProvider);
