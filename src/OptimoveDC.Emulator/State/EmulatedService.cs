using System.Text.Json.Nodes;

namespace OptimoveDC.Emulator;

/// <summary>
/// What the emulated service holds and has seen. Lists are snapshots, in order; everything may be used while requests are
/// being served.
/// </summary>
public sealed class EmulatedService
{
    private readonly EmulatorOptions _options;
    private readonly object _logGate = new();
    private readonly Queue<LoggedRequest> _requests = [];
    private readonly List<Arrival> _arrivals = [];
    private readonly Dictionary<string, EmulatedBrand> _brandsByApiKey = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, EmulatedBrand> _brandsByKey = [];
    private readonly List<EmulatedBrand> _brands = [];
    private readonly Dictionary<Guid, EmulatedConnection> _connectionsById = [];
    private readonly List<EmulatedConnection> _connections = [];
    private readonly Dictionary<Guid, EmulatedBatch> _batches = [];
    private long _requestCount;
    private long _arrivalSequence;

    internal EmulatedService(EmulatorOptions options) => _options = options;

    /// <summary>The brands, as they were added.</summary>
    public IReadOnlyList<EmulatedBrand> Brands => Locked(() => _brands.ToArray());

    /// <summary>The connections of all brands, as they were created here or over HTTP.</summary>
    public IReadOnlyList<EmulatedConnection> Connections => Locked(() => _connections.ToArray());

    /// <summary>How many HTTP requests have come in, whatever became of them.</summary>
    public long RequestCount
    {
        get
        {
            lock (_logGate)
            {
                return _requestCount;
            }
        }
    }

    /// <summary>Every HTTP request, in order of receipt; with <see cref="EmulatorOptions.MostRequestsKept"/> the last of them.</summary>
    public IReadOnlyList<LoggedRequest> Requests
    {
        get
        {
            lock (_logGate)
            {
                return _requests.ToArray();
            }
        }
    }

    /// <summary>Every key's arrival in a well-formed request, in order of application; none with <see cref="EmulatorOptions.KeepArrivals"/> off.</summary>
    public IReadOnlyList<Arrival> Arrivals => Locked(() => _arrivals.ToArray());

    /// <summary>Guards everything the service holds: whoever changes records takes it once per request.</summary>
    internal object Gate { get; } = new();

    internal KeyIdentity KeyIdentity => _options.KeyIdentity;

    internal DateTimeOffset Now => _options.TimeProvider.GetUtcNow();

    /// <summary>Adds a brand with keys of its own.</summary>
    /// <returns>The brand.</returns>
    public EmulatedBrand AddBrand()
    {
        var brand = new EmulatedBrand();
        lock (Gate)
        {
            _brands.Add(brand);
            _brandsByApiKey.Add(brand.ApiKey, brand);
            _brandsByKey.Add(brand.BrandKey, brand);
        }

        return brand;
    }

    /// <summary>Adds a connection that is fed through the API.</summary>
    /// <param name="brand">The brand it belongs to, one of this service.</param>
    /// <param name="name">A name to show, not empty.</param>
    /// <param name="primaryKey">The field every uploaded record must carry, not empty.</param>
    /// <param name="description">A description, if there is one.</param>
    /// <returns>The connection, empty.</returns>
    /// <exception cref="ArgumentException">A text is empty, or the brand is another service's.</exception>
    public EmulatedConnection AddConnection(EmulatedBrand brand, string name, string primaryKey, string? description = null) =>
        Add(new EmulatedConnection(this, brand, name, primaryKey, description));

    /// <summary>Adds a connection that is fed by a third party's API; writes over HTTP are refused.</summary>
    /// <param name="brand">The brand it belongs to, one of this service.</param>
    /// <param name="name">A name to show, not empty.</param>
    /// <param name="primaryKey">The field that names a record, not empty.</param>
    /// <param name="timeToLiveSeconds">How long a fetched record is cached, in seconds; 0 or null to fetch each time.</param>
    /// <param name="fetch">The third party: the record of a key, or null. One call at a time for each connection.</param>
    /// <returns>The connection.</returns>
    /// <exception cref="ArgumentException">A text is empty, the time to live negative, or the brand another service's.</exception>
    public EmulatedConnection AddApiFedConnection(EmulatedBrand brand, string name, string primaryKey, int? timeToLiveSeconds, Func<string, JsonObject?> fetch)
    {
        ArgumentNullException.ThrowIfNull(fetch);
        ArgumentOutOfRangeException.ThrowIfLessThan(timeToLiveSeconds ?? 0, 0, nameof(timeToLiveSeconds));
        return Add(new EmulatedConnection(this, brand, name, primaryKey, description: null, fetch, timeToLiveSeconds));
    }

    internal EmulatedBrand? BrandOfApiKey(string apiKey) => Locked(() => _brandsByApiKey.GetValueOrDefault(apiKey));

    internal EmulatedBrand? BrandOfKey(Guid brandKey) => Locked(() => _brandsByKey.GetValueOrDefault(brandKey));

    internal EmulatedConnection? FindConnection(Guid id) => Locked(() => _connectionsById.GetValueOrDefault(id));

    internal EmulatedBatch? FindBatch(Guid id) => Locked(() => _batches.GetValueOrDefault(id));

    internal EmulatedBatch AddBatch(Guid id, EmulatedConnection connection)
    {
        var batch = new EmulatedBatch(id, connection);
        lock (Gate)
        {
            _batches.Add(id, batch);
            connection.Add(batch);
        }

        return batch;
    }

    internal LoggedRequest Log(string method, string path, IReadOnlyDictionary<string, string> headers)
    {
        lock (_logGate)
        {
            var request = new LoggedRequest(++_requestCount, method, path, headers, Now);
            _requests.Enqueue(request);
            if (_requests.Count > _options.MostRequestsKept)
            {
                _requests.Dequeue();
            }

            return request;
        }
    }

    /// <summary>Logs what became of an item. Called under <see cref="Gate"/>, at the moment it is applied or refused.</summary>
    internal void Log(long requestSequence, EmulatedConnection connection, RecordOperation operation, Guid? batchId, RecordItem item, bool accepted)
    {
        _arrivalSequence++;
        if (_options.KeepArrivals)
        {
            _arrivals.Add(new Arrival(_arrivalSequence, requestSequence, connection, operation, batchId, item, accepted));
        }
    }

    private EmulatedConnection Add(EmulatedConnection connection)
    {
        lock (Gate)
        {
            if (!_brands.Contains(connection.Brand))
            {
                throw new ArgumentException("The brand does not belong to this service.");
            }

            _connections.Add(connection);
            _connectionsById.Add(connection.Id, connection);
        }

        return connection;
    }

    private T Locked<T>(Func<T> read)
    {
        lock (Gate)
        {
            return read();
        }
    }
}
