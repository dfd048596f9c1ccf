using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace OptimoveDC;

/// <summary>
/// An open session with the service. It can be handed to other runspaces (<c>-Session $using:session</c>)
/// and never shows a key.
/// </summary>
public sealed class Session : IDisposable
{
    private readonly ConcurrentDictionary<Guid, DataConnection> _connections = new();
    private IDisposable? _client;

    internal Session(IDisposable client) => _client = client;

    /// <summary>Which address the session speaks to.</summary>
    public required ServiceEnvironment Environment { get; init; }

    /// <summary>The base address of the service.</summary>
    public required Uri Uri { get; init; }

    /// <summary>The last characters of the brand key, enough to tell brands apart; empty while it lies in a vault.</summary>
    public required string BrandKeyEnding { get; init; }

    /// <summary>The secret that holds the keys, read when a request needs them; null when they were given.</summary>
    public string? SecretName { get; init; }

    /// <summary>The vault of the secret; null when none was named.</summary>
    public string? Vault { get; init; }

    /// <summary>The Data Connection that cmdlets use when none is named; null when each call must name one.</summary>
    public Guid? DataConnectionId { get; init; }

    /// <summary>How primary keys are written when a call doesn't say.</summary>
    public KeyType KeyType { get; init; }

    /// <summary>How long one attempt of a request may take, in seconds.</summary>
    public int TimeoutSec { get; init; }

    /// <summary>When the session was opened.</summary>
    public required DateTimeOffset ConnectedAt { get; init; }

    /// <summary>True until the session is disconnected.</summary>
    public bool IsConnected => _client is not null;

    /// <summary>The HTTP client behind the session; null once it is disconnected. Its type lives in the module's own load context.</summary>
    internal IDisposable? Client => _client;

    /// <summary>Connections this session has created, so that their primary key need not be named again.</summary>
    internal IReadOnlyCollection<DataConnection> KnownConnections => (IReadOnlyCollection<DataConnection>)_connections.Values;

    internal void Remember(DataConnection connection) => _connections[connection.DataConnectionId] = connection;

    internal bool TryGetKnown(Guid id, [NotNullWhen(true)] out DataConnection? connection) => _connections.TryGetValue(id, out connection);

    /// <summary>Ends the session. Requests under way are cancelled.</summary>
    public void Dispose() => Interlocked.Exchange(ref _client, null)?.Dispose();

    /// <inheritdoc/>
    public override string ToString() => $"{Environment} {Uri}";
}
