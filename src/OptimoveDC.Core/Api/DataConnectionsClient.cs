using System.Text.Json;
using OptimoveDC.Core.Http;
using OptimoveDC.Core.Http.Rate;

namespace OptimoveDC.Core.Api;

/// <summary>The four calls of the Data Connections API.</summary>
/// <param name="transport">Carries the requests; disposed with the client.</param>
public sealed class DataConnectionsClient(ApiTransport transport) : IDisposable
{
    /// <summary>The clock that requests are timed by.</summary>
    public TimeProvider TimeProvider => transport.TimeProvider;

    /// <summary>The limit on requests that is kept at the moment, for those who want to show it; null while there is none.</summary>
    public RequestLimit? CurrentLimit => transport.CurrentLimit;

    /// <summary>Creates a Data Connection (<c>POST /connections</c>).</summary>
    /// <param name="name">Its name.</param>
    /// <param name="primaryKey">The field of every record that holds its primary key.</param>
    /// <param name="description">What it is for; may be empty.</param>
    /// <param name="meter">Where the request's cost is counted.</param>
    /// <param name="cancellationToken">Cancels down to the socket.</param>
    /// <returns>The identifier of the new connection.</returns>
    /// <exception cref="ServiceException">It was refused, or its outcome was never heard: then it may exist.</exception>
    public async Task<Guid> CreateConnectionAsync(
        string name,
        string primaryKey,
        string description,
        RequestMeter meter,
        CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new CreateConnectionRequest(name, primaryKey, description),
            ApiJson.Default.CreateConnectionRequest);
        var exchange = await transport.SendAsync(
            new ApiRequest(HttpMethod.Post, "connections", new JsonBody(body), IsRepeatable: false),
            meter,
            new RetryBudget(),
            cancellationToken).ConfigureAwait(false);
        if (exchange.Reply is { IsSuccess: true } reply)
        {
            return reply.Body.DataConnectionId
                ?? throw new ServiceException(
                    ErrorCondition.UnexpectedResponse,
                    $"The service accepted the Data Connection '{name}' but did not say its identifier; look for it in the Opti-X UI.",
                    exchange);
        }

        throw exchange.IsUnheard
            ? new ServiceException(
                ErrorCondition.CreateOutcomeUnknown,
                $"Whether the Data Connection '{name}' was created is unknown: {exchange.FaultMessage ?? exchange.Reply?.Message}.",
                exchange)
            : ServiceException.From(exchange, $"The Data Connection '{name}' was not created");
    }

    /// <summary>Uploads records (<c>POST /connections/{id}/upload_data</c>); each replaces the whole record of its key.</summary>
    public Task<Exchange> UploadAsync(Guid connectionId, IRequestBody body, RequestMeter meter, RetryBudget budget, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, connectionId, "upload_data", body, meter, budget, cancellationToken);

    /// <summary>Updates records by primary key (<c>PUT /connections/{id}/update_data</c>); each replaces the whole record.</summary>
    public Task<Exchange> UpdateAsync(Guid connectionId, IRequestBody body, RequestMeter meter, RetryBudget budget, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, connectionId, "update_data", body, meter, budget, cancellationToken);

    /// <summary>Deletes records by primary key (<c>POST /connections/{id}/delete_data</c>).</summary>
    public Task<Exchange> DeleteAsync(Guid connectionId, IRequestBody body, RequestMeter meter, RetryBudget budget, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, connectionId, "delete_data", body, meter, budget, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => transport.Dispose();

    private Task<Exchange> SendAsync(
        HttpMethod method,
        Guid connectionId,
        string endpoint,
        IRequestBody body,
        RequestMeter meter,
        RetryBudget budget,
        CancellationToken cancellationToken) =>
        transport.SendAsync(
            new ApiRequest(method, $"connections/{connectionId:D}/{endpoint}", body, IsRepeatable: true),
            meter,
            budget,
            cancellationToken);
}
