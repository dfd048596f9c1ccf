using System.Collections;
using System.Runtime.CompilerServices;

namespace OptimoveDC.Core.Sync;

/// <summary>
/// Holds a source against the state, in key order: both are walked through once, side by side, a part at a time. What is
/// to be sent gets its mark in the transaction that is open.
/// </summary>
internal sealed class SourceComparison
{
    private readonly SyncPlan _plan;
    private readonly StateRecords _records;
    private readonly SourceKeys _source;
    private readonly long _now;
    private readonly long? _dueBefore;
    private readonly bool _deletes;
    private readonly List<StateRow> _group = [];
    private readonly List<(int Entry, bool Sends)> _members = [];
    private readonly List<int> _marked = [];
    private readonly List<byte[]> _forgotten = [];
    private readonly List<byte[]> _missing = [];
    private StateRow _ahead = new();
    private bool _hasAhead;
    private SortedKeys _keys = new();
    private SortedKeys _next = new();

    /// <summary>Prepares a comparison.</summary>
    /// <param name="plan">The sync.</param>
    /// <param name="records">The state.</param>
    /// <param name="keys">The source.</param>
    /// <param name="places">How many places the source has.</param>
    /// <param name="now">The time, in Unix seconds.</param>
    /// <param name="deletes">Whether missing keys are to be deleted.</param>
    internal SourceComparison(SyncPlan plan, StateRecords records, SourceKeys keys, long places, long now, bool deletes)
    {
        _plan = plan;
        _records = records;
        _source = keys;
        _now = now;
        _deletes = deletes;
        Selection = new BitArray(checked((int)places));
        if (plan.TimeToLiveSeconds is { } seconds)
        {
            _dueBefore = now + (long)(plan.RefreshWithin?.TotalSeconds ?? seconds / 2.0);
        }
    }

    internal SyncCounts Counts { get; } = new();

    /// <summary>The places of the records to send.</summary>
    internal BitArray Selection { get; }

    /// <summary>Compares everything. The next part is sorted by another thread meanwhile.</summary>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        var sorting = SortAsync(0);
        try
        {
            for (var part = 0; part < SourceKeys.Parts; part++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await sorting.ConfigureAwait(false);
                (_keys, _next) = (_next, _keys);
                sorting = SortAsync(part + 1);
                ComparePart(part);
            }
        }
        finally
        {
            await sorting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Task SortAsync(int part) => part < SourceKeys.Parts ? Task.Run(() => _source.Sort(part, _next), CancellationToken.None) : Task.CompletedTask;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ComparePart(int part)
    {
        _records.Open(part);
        _hasAhead = _records.ReadNext(_ahead);
        var entry = 0;
        while (entry < _keys.Count || _hasAhead)
        {
            entry = CompareNext(entry);
        }

        Write();
    }

    // Keys that may be one to the service are decided together: none of them is deleted while another is in the source,
    // and if one is sent all are, for the last of them has to win.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int CompareNext(int entry)
    {
        var hash = entry < _keys.Count && (!_hasAhead || _keys.WaitHash(entry) <= _ahead.WaitHash) ? _keys.WaitHash(entry) : _ahead.WaitHash;
        var isInSource = entry < _keys.Count && _keys.WaitHash(entry) == hash;
        var rows = TakeRows(hash, isInSource);
        var row = 0;
        _members.Clear();
        while (entry < _keys.Count && _keys.WaitHash(entry) == hash)
        {
            var json = _keys.Json(entry);
            var last = -1;
            var next = entry;
            for (; next < _keys.Count && _keys.WaitHash(next) == hash && _keys.Json(next).SequenceEqual(json); next++)
            {
                if (_keys.Place(next) != SourceKeys.Refused)
                {
                    Counts.Superseded += last >= 0 ? 1 : 0;
                    last = next;
                }
            }

            while (row < rows && StateKey.JsonOf(_group[row].Key).SequenceCompareTo(json) < 0)
            {
                Miss(_group[row++], isInSource);
            }

            var known = row < rows && StateKey.JsonOf(_group[row].Key).SequenceEqual(json) ? _group[row++] : null;
            if (last >= 0)
            {
                _members.Add((last, Decide(last, known)));
            }

            entry = next;
        }

        while (row < rows)
        {
            Miss(_group[row++], isInSource);
        }

        Take();
        return entry;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int TakeRows(ulong hash, bool isInSource)
    {
        var rows = 0;
        while (_hasAhead && _ahead.WaitHash == hash)
        {
            if (rows == _group.Count)
            {
                _group.Add(new StateRow());
            }

            _records.ReadRest(_ahead, withExpiry: _dueBefore is not null || !isInSource || rows > 0);
            (_group[rows], _ahead) = (_ahead, _group[rows]);
            rows++;
            _hasAhead = _records.ReadNext(_ahead);
        }

        Counts.Known += rows;
        return rows;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Decide(int entry, StateRow? known)
    {
        if (known is null or { Hash: null, IsPending: false })
        {
            Counts.New++;
            return true;
        }

        if (known.Hash is { } hash && hash != _keys.Content(entry) && !known.IsPending)
        {
            Counts.Changed++;
            return true;
        }

        if (known.IsPending || _plan.Full)
        {
            Counts.Resent++;
            return true;
        }

        if (_dueBefore is { } due && known.Expires <= due)
        {
            Counts.Refreshed++;
            return true;
        }

        Counts.Unchanged++;
        return false;
    }

    private void Take()
    {
        var sendsOne = false;
        foreach (var (_, sends) in _members)
        {
            sendsOne |= sends;
        }

        if (!sendsOne)
        {
            return;
        }

        foreach (var (entry, sends) in _members)
        {
            if (!sends)
            {
                Counts.Unchanged--;
                Counts.Resent++;
            }

            _marked.Add(entry);
            Selection[checked((int)_keys.Place(entry))] = true;
        }
    }

    private void Miss(StateRow row, bool isAlikeInSource)
    {
        Counts.Missing++;
        if (!row.IsPending && row.Gone <= _now)
        {
            Counts.Expired++;
            _forgotten.Add(row.Key.ToArray());
        }
        else if (_deletes && !isAlikeInSource)
        {
            Counts.ToDelete++;
            _missing.Add(row.Key.ToArray());
        }
    }

    // The rows of a part are read to their end before any of them is changed.
    private void Write()
    {
        foreach (var entry in _marked)
        {
            _records.MarkUpload(_keys.WaitHash(entry), _keys.Json(entry), _keys.Content(entry));
        }

        _forgotten.ForEach(key => _records.Forget(key));
        _missing.ForEach(key => _records.AddMissing(key));
        _marked.Clear();
        _forgotten.Clear();
        _missing.Clear();
    }
}
