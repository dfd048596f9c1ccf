using System.Security.Cryptography;

namespace OptimoveDC.Core.Http.Rate;

/// <summary>
/// One governor for each host and API key in the process, for all sessions and runspaces. A governor that nobody holds
/// is kept until it was idle for an hour, so that the next session need not learn the limit again.
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
            if (!Entries.TryGetValue(key, out var entry))
            {
                entry = new Entry(new RateGovernor(timeProvider));
                Entries.Add(key, entry);
            }

            return entry.Take();
        }
    }

    private static void Sweep()
    {
        foreach (var (key, entry) in Entries)
        {
            if (!entry.Refresh())
            {
                Entries.Remove(key);
            }
        }
    }

    // Held firmly while it is fresh, afterwards only for as long as a session holds it.
    private sealed class Entry(RateGovernor governor)
    {
        private readonly WeakReference<RateGovernor> _known = new(governor);
        private RateGovernor? _kept = governor;

        internal RateGovernor Take()
        {
            // It was found alive under the same lock; what is kept can't be collected in between.
            _kept ??= _known.TryGetTarget(out var found) ? found : throw new InvalidOperationException("A governor was lost.");
            return _kept;
        }

        internal bool Refresh()
        {
            if (_kept is null && _known.TryGetTarget(out var found))
            {
                _kept = found;
            }

            if (_kept is null)
            {
                return false;
            }

            if (_kept.IdleDuration >= KeptIdle)
            {
                _kept = null;
            }

            return true;
        }
    }
}
