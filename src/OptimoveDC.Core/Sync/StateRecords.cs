using System.Buffers.Binary;
using System.Text;
using OptimoveDC.Core.Loading;

namespace OptimoveDC.Core.Sync;

/// <summary>Reads and changes the rows of a state. Whoever calls holds the state's gate, but where it says otherwise.</summary>
internal sealed class StateRecords : IDisposable
{
    // A mark: the number of the sync in the upper bits, then whether an earlier mark was never cleared, then what is asked.
    private const long Upload = 1;
    private const long Delete = 2;
    private const long Doubtful = 4;
    private const int RunShift = 3;

    private readonly SyncState _state;
    private readonly long _run;
    private readonly SqliteStatement _rows;
    private readonly SqliteStatement _markUpload;
    private readonly SqliteStatement _forget;
    private readonly SqliteStatement _addMissing;
    private readonly SqliteStatement _missingAfter;
    private readonly SqliteStatement _isDoubtful;
    private readonly byte[] _part = new byte[StateKey.HashLength];
    private readonly byte[] _hash = new byte[16];
    private byte[] _key = new byte[64];

    internal StateRecords(SyncState state, long run)
    {
        _state = state;
        _run = run << RunShift;
        _rows = Prepare("SELECT key, hash, pending, expires, gone FROM records WHERE key >= ?1 AND key < ?2 ORDER BY key");
        _markUpload = Prepare($"""
            INSERT INTO records (key, next, pending) VALUES (?1, ?2, {_run | Upload})
            ON CONFLICT (key) DO UPDATE SET next = excluded.next,
                pending = {_run | Upload} | CASE WHEN pending <> 0 THEN {Doubtful} ELSE 0 END
            """);
        _forget = Prepare("DELETE FROM records WHERE key = ?1");
        _addMissing = Prepare("INSERT INTO missing (key) VALUES (?1)");
        _missingAfter = Prepare("SELECT key FROM missing WHERE key > ?1 ORDER BY key LIMIT ?2");
        _isDoubtful = Prepare($"SELECT 1 FROM records WHERE key = ?1 AND pending & {Doubtful}");
    }

    /// <summary>Starts to read the rows of one of 256 parts, in order.</summary>
    internal void Open(int part)
    {
        _part.AsSpan().Clear();
        _part[0] = (byte)part;
        _rows.Bind(1, _part);

        // After its hash a key is JSON, which never begins with the highest byte.
        var end = part < 255 ? [(byte)(part + 1)] : Enumerable.Repeat((byte)255, StateKey.HashLength + 1).ToArray();
        _rows.Bind(2, end);
    }

    /// <summary>Goes on to the next row of the part, and reads its key.</summary>
    internal bool ReadNext(StateRow row)
    {
        if (!_rows.Step())
        {
            return false;
        }

        row.ReadKey(_rows);
        return true;
    }

    /// <summary>Reads the rest of the row that was read last.</summary>
    internal void ReadRest(StateRow row, bool withExpiry) => row.ReadRest(_rows, withExpiry);

    /// <summary>Marks a key whose record is to be uploaded.</summary>
    internal void MarkUpload(ulong waitHash, ReadOnlySpan<byte> json, UInt128 content)
    {
        BinaryPrimitives.WriteUInt128BigEndian(_hash, content);
        _markUpload.Bind(1, KeyOf(waitHash, json)).Bind(2, _hash).Run();
    }

    /// <summary>Drops a key: there is nothing at the service any more.</summary>
    internal void Forget(ReadOnlySpan<byte> key) => _forget.Bind(1, key).Run();

    /// <summary>Notes a key that is to be deleted once the uploads are done.</summary>
    internal void AddMissing(ReadOnlySpan<byte> key) => _addMissing.Bind(1, key).Run();

    /// <summary>Reads the next keys that are to be deleted. Takes the gate itself.</summary>
    internal List<byte[]> MissingAfter(ReadOnlySpan<byte> key, int most)
    {
        lock (_state.Gate)
        {
            var found = new List<byte[]>();
            _missingAfter.Bind(1, key).Bind(2, most);
            while (_missingAfter.Step())
            {
                found.Add(_missingAfter.Blob(0).ToArray());
            }

            return found;
        }
    }

    /// <summary>Marks all keys that are to be deleted, durably. Takes the gate itself.</summary>
    internal void MarkDeletes() => _state.Execute($"""
        UPDATE records SET next = NULL, pending = {_run | Delete} | CASE WHEN pending <> 0 THEN {Doubtful} ELSE 0 END
        WHERE key IN (SELECT key FROM missing)
        """);

    /// <summary>
    /// The service holds every record of the batch but the refused ones. Of those it holds what it held before; where
    /// even that is unknown, the mark stays. Takes the gate itself.
    /// </summary>
    /// <param name="refused">The keys of the records that were refused.</param>
    /// <param name="expires">When the others may expire, in Unix seconds; null for never.</param>
    /// <param name="gone">When they have expired for certain.</param>
    internal void CompleteUploads(IReadOnlyCollection<byte[]> refused, long? expires, long? gone)
    {
        lock (_state.Gate)
        {
            _state.Execute("BEGIN IMMEDIATE");
            using (var restore = Prepare($"""
                UPDATE records SET next = NULL, pending = CASE WHEN pending & {Doubtful} THEN {Upload | Doubtful} ELSE 0 END WHERE key = ?1
                """))
            {
                foreach (var key in refused)
                {
                    restore.Bind(1, key).Run();
                }
            }

            if (refused.Count > 0)
            {
                _state.Execute("DELETE FROM records WHERE hash IS NULL AND pending = 0");
            }

            using (var complete = Prepare($"""
                UPDATE records SET hash = next, next = NULL, expires = ?1, gone = ?2, pending = 0
                WHERE pending >> {RunShift} = {_run >> RunShift} AND pending & {Upload}
                """))
            {
                complete.Bind(1, expires).Bind(2, gone).Run();
            }

            _state.Execute("COMMIT");
        }
    }

    /// <summary>Drops the keys of a chunk of deletions that are gone for good. Takes the gate itself.</summary>
    /// <returns>Those of the refused ones that are, as JSON: an earlier sync had asked for them already.</returns>
    internal List<string> CompleteDeletes(Chunk chunk)
    {
        lock (_state.Gate)
        {
            var goneBefore = new List<string>();
            _state.Execute("BEGIN IMMEDIATE");
            foreach (var record in chunk.Live)
            {
                ref var deleted = ref chunk.RecordAt(record);
                var key = KeyOf(deleted.WaitHash, chunk.KeyOf(record));
                if (deleted.Outcome is RecordOutcome.Sent or RecordOutcome.Skipped)
                {
                    Forget(key);
                }
                else if (deleted.Outcome == RecordOutcome.Rejected && IsDoubtful(key))
                {
                    Forget(key);
                    goneBefore.Add(Encoding.UTF8.GetString(chunk.KeyOf(record)));
                }
            }

            _state.Execute("COMMIT");
            return goneBefore;
        }
    }

    public void Dispose()
    {
        _rows.Dispose();
        _markUpload.Dispose();
        _forget.Dispose();
        _addMissing.Dispose();
        _missingAfter.Dispose();
        _isDoubtful.Dispose();
    }

    private bool IsDoubtful(ReadOnlySpan<byte> key)
    {
        var found = _isDoubtful.Bind(1, key).Step();
        _isDoubtful.Reset();
        return found;
    }

    private SqliteStatement Prepare(string sql) => new(_state.Database, sql);

    private ReadOnlySpan<byte> KeyOf(ulong waitHash, ReadOnlySpan<byte> json)
    {
        var length = StateKey.LengthOf(json);
        if (_key.Length < length)
        {
            _key = new byte[length * 2];
        }

        StateKey.Write(_key, waitHash, json);
        return _key.AsSpan(0, length);
    }
}
