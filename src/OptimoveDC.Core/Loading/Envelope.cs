using OptimoveDC.Core.Api;
using OptimoveDC.Core.Http;
using OptimoveDC.Core.Records;

namespace OptimoveDC.Core.Loading;

/// <summary>What upload, update and delete put around records: the other side of the loading engine.</summary>
public abstract class Envelope
{
    /// <summary>Upload, update or delete.</summary>
    public abstract LoadOperation Operation { get; }

    /// <summary>False when an element is the key alone.</summary>
    public virtual bool CarriesData => true;

    /// <summary>The bytes before the first element.</summary>
    /// <param name="completes">Whether the request completes its batch.</param>
    internal abstract ReadOnlyMemory<byte> Opening(bool completes);

    /// <summary>The bytes after the last element.</summary>
    internal abstract ReadOnlyMemory<byte> Closing { get; }

    /// <summary>Writes what stands before the data of an element.</summary>
    internal abstract void OpenElement(ChunkBuffer body, RecordKey key);

    /// <summary>Writes what stands after the data of an element.</summary>
    internal abstract void CloseElement(ChunkBuffer body, int? timeToLiveSeconds);

    /// <summary>Sends a body to the endpoint of the operation.</summary>
    internal abstract Task<Exchange> SendAsync(
        DataConnectionsClient client,
        Guid connectionId,
        IRequestBody body,
        RequestMeter meter,
        RetryBudget budget,
        CancellationToken cancellationToken);
}
