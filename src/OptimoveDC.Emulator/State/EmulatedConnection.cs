using System.Text.Json;
using System.Text.Json.Nodes;

namespace OptimoveDC.Emulator;

/// <summary>A Data Connection of the service. Lists are snapshots.</summary>
public sealed class EmulatedConnection
{
    private readonly EmulatedService _service;
    private readonly RecordTable _table = new();
    private readonly List<EmulatedBatch> _batches = [];
    private readonly Func<string, JsonObject?>? _fetch;
    private readonly object _fetchGate = new();
    private int _fetchCount;

    internal EmulatedConnection(
        EmulatedService service,
        EmulatedBrand brand,
        string name,
        string primaryKey,
        string? description,
        Func<string, JsonObject?>? fetch = null,
        int? timeToLiveSeconds = null)
    {
        ArgumentNullException.ThrowIfNull(brand);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(primaryKey);
        _service = service;
        Brand = brand;
        Name = name;
        PrimaryKey = primaryKey;
        Description = description;
        _fetch = fetch;
        TimeToLiveSeconds = timeToLiveSeconds;
    }

    /// <summary>The UUID in the connection's addresses.</summary>
    public Guid Id { get; } = Guid.NewGuid();

    /// <summary>The brand the connection belongs to.</summary>
    public EmulatedBrand Brand { get; }

    /// <summary>The name given when it was created.</summary>
    public string Name { get; }

    /// <summary>The field that names a record.</summary>
    public string PrimaryKey { get; }

    /// <summary>The description given when it was created, if any.</summary>
    public string? Description { get; }

    /// <summary>Whether a third party's API feeds it.</summary>
    public bool IsApiFed => _fetch is not null;

    /// <summary>For an API-fed connection how long a fetched record is cached, in seconds; 0 or null for not at all.</summary>
    public int? TimeToLiveSeconds { get; }

    /// <summary>How often the third party's API was called.</summary>
    public int FetchCount => Volatile.Read(ref _fetchCount);

    /// <summary>The records that can be queried now: none of an open batch, none that has expired. In order of arrival.</summary>
    public IReadOnlyList<StoredRecord> Records
    {
        get
        {
            lock (_service.Gate)
            {
                return Table.Alive(_service.Now);
            }
        }
    }

    /// <summary>The batches that brought something, in the order of their first request.</summary>
    public IReadOnlyList<EmulatedBatch> Batches
    {
        get
        {
            lock (_service.Gate)
            {
                return _batches.ToArray();
            }
        }
    }

    /// <summary>The part of <see cref="EmulatedService.Arrivals"/> that was meant for this connection.</summary>
    public IReadOnlyList<Arrival> Arrivals => [.. _service.Arrivals.Where(arrival => arrival.ConnectionId == Id)];

    /// <summary>The records. Used under the service's lock.</summary>
    internal RecordTable Table
    {
        get
        {
            _table.Identify(_service.KeyIdentity);
            return _table;
        }
    }

    /// <summary>Looks up a record that can be queried now. Does not fetch.</summary>
    /// <param name="keyJson">The key as raw JSON: <c>54490</c> or <c>"54490"</c>.</param>
    /// <returns>The record, or null.</returns>
    /// <exception cref="ArgumentException"><paramref name="keyJson"/> is not the JSON of a key.</exception>
    public StoredRecord? Find(string keyJson)
    {
        ArgumentNullException.ThrowIfNull(keyJson);
        RecordKey? key;
        try
        {
            using var document = JsonDocument.Parse(keyJson);
            key = RecordKey.Read(document.RootElement, out _);
        }
        catch (JsonException e)
        {
            throw new ArgumentException("A key is given as JSON: a number, or a string in quotes.", nameof(keyJson), e);
        }

        return key is { } found ? Find(found) : throw new ArgumentException("A key is a number or a string that is not empty.", nameof(keyJson));
    }

    /// <summary>Asks an API-fed connection for a record, as a campaign would: from the cache while it lasts, else from the third party.</summary>
    /// <param name="key">The key, as the third party knows it.</param>
    /// <returns>The record; null when the third party has none, which is not cached. With no time to live it has expired at once.</returns>
    /// <exception cref="InvalidOperationException">The connection is not API-fed.</exception>
    public StoredRecord? Fetch(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (_fetch is null)
        {
            throw new InvalidOperationException("The connection is not fed by a third party's API.");
        }

        var recordKey = new RecordKey(JsonSerializer.Serialize(key), key, IsNumber: false);

        // The third party is called outside the service's lock, and once for callers that come together.
        lock (_fetchGate)
        {
            if (Find(recordKey) is { } cached)
            {
                return cached;
            }

            Interlocked.Increment(ref _fetchCount);
            if (_fetch(key) is not { } fetched)
            {
                return null;
            }

            var json = new JsonText(JsonSerializer.SerializeToUtf8Bytes(fetched));
            lock (_service.Gate)
            {
                return Table.Put(recordKey, json, TimeToLiveSeconds ?? 0, _service.Now, batchId: null);
            }
        }
    }

    internal void Add(EmulatedBatch batch) => _batches.Add(batch);

    private StoredRecord? Find(RecordKey key)
    {
        lock (_service.Gate)
        {
            return Table.Find(key, _service.Now);
        }
    }
}
