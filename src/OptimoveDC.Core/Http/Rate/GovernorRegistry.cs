using System.Security.Cryptography;

namespace OptimoveDC.Core.Http.Rate;

/// <summary>What a service counts requests by, and so do we.</summary>
/// <param name="Host">The host's name and its port.</param>
/// <param name="ApiKey">A hash of the API key, with a new salt in each process: the key itself is not kept.</param>
/// <param name="TimeProvider">The clock; tests have their own.</param>
internal readonly record struct GovernorKey(string Host, string ApiKey, TimeProvider TimeProvider);

/// <summary>
/// One governor for each host and API key in the process, for all sessions and runspaces. A governor is kept until it was
/// idle for an hour, so that the next session need not learn the limit again, and for as long as a session holds it.
/// </summary>
internal static class GovernorRegistry
{
    private static readonly TimeSpan KeptIdle = TimeSpan.FromHours(1);
    private static readonly byte[] Salt = RandomNumberGenerator.GetBytes(32);
    private static readonly object Lock = new();
    private static readonly Dictionary<GovernorKey, Entry> Entries = [];

    /// <summary>The keys of all governors alive.</summary>
    internal static IReadOnlyCollection<GovernorKey> Keys
    {
        get
        {
            lock (Lock)
            {
                Sweep();
                return [.. Entries.Keys];
            }
        }
    }

    /// <summary>The governor of a host and an API key; hold it for as long as it is used.</summary>
    internal static RateGovernor Get(ServiceAddress address, ApiCredential credential, TimeProvider timeProvider)
    {
        var key = new GovernorKey($"{address.Uri.IdnHost}:{address.Uri.Port}", credential.HashApiKey(Salt), timeProvider);
        lock (Lock)
        {
            Sweep();
            var governor = Entries.GetValueOrDefault(key)?.Find() ?? new RateGovernor(timeProvider);
            Entries[key] = new Entry(governor);
            return governor;
        }
    }

    private static void Sweep()
    {
        foreach (var (key, entry) in Entries)
        {
            var governor = entry.Find();
            if (governor is null)
            {
                Entries.Remove(key);
            }
            else
            {
                entry.Kept = governor.IdleDuration >= KeptIdle ? null : governor;
            }
        }
    }

    // A governor that nobody may have is kept by a strong reference until it is idle; one that is idle lives only while a
    // session holds it. Collected means that nobody holds it, so its place is free for a new one.
    private sealed class Entry(RateGovernor governor)
    {
        private readonly WeakReference<RateGovernor> _known = new(governor);

        internal RateGovernor? Kept { get; set; } = governor;

        internal RateGovernor? Find() => _known.TryGetTarget(out var found) ? found : null;
    }
}
