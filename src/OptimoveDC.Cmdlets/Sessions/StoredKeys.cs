using OptimoveDC.Core.Api;
using OptimoveDC.Core.Http;

namespace OptimoveDC.Cmdlets.Sessions;

/// <summary>
/// The keys of a session that was opened with a secret's name: where they are, and not what they are. Each call of a
/// cmdlet that makes a request reads them anew, so a key that was renewed in its vault is used from the next call on.
/// </summary>
internal sealed class StoredKeys : IDisposable
{
    private readonly HashSet<DataConnectionsClient> _open = [];
    private readonly ServiceAddress _address;
    private readonly TransportOptions _options;
    private bool _disposed;

    internal StoredKeys(ServiceAddress address, TransportOptions options)
    {
        _address = address;
        _options = options;
    }

    /// <summary>The name of the secret.</summary>
    internal required string SecretName { get; init; }

    /// <summary>The vault that holds it; null for SecretManagement's own choice.</summary>
    internal string? Vault { get; init; }

    /// <summary>The brand key, for a secret that is an API key alone; null when the secret has both.</summary>
    internal Guid? BrandKey { get; init; }

    /// <summary>Opens a client for one call of a cmdlet. <see cref="Close"/> ends it.</summary>
    /// <exception cref="ObjectDisposedException">The session was disconnected meanwhile.</exception>
    internal DataConnectionsClient Open(ApiCredential credential)
    {
        var client = new DataConnectionsClient(new ApiTransport(_address, credential, _options));
        lock (_open)
        {
            if (_disposed)
            {
                client.Dispose();
                throw new ObjectDisposedException(nameof(StoredKeys));
            }

            _open.Add(client);
            return client;
        }
    }

    internal void Close(DataConnectionsClient client)
    {
        lock (_open)
        {
            _open.Remove(client);
        }

        client.Dispose();
    }

    /// <summary>Ends the session for all calls under way.</summary>
    public void Dispose()
    {
        lock (_open)
        {
            _disposed = true;
            foreach (var client in _open)
            {
                client.Dispose();
            }

            _open.Clear();
        }
    }
}
