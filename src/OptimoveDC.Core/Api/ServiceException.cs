using OptimoveDC.Core.Http;

namespace OptimoveDC.Core.Api;

/// <summary>The service refused a request, or could not be asked. Its message carries no key.</summary>
public sealed class ServiceException : Exception
{
    /// <summary>Describes a failed exchange.</summary>
    public ServiceException(ErrorCondition condition, string message, Exchange? exchange = null)
        : base(message)
    {
        Condition = condition;
        StatusCode = exchange?.Reply?.StatusCode;
        RequestId = exchange?.Reply?.RequestId;
        ServiceMessage = exchange?.Reply?.Body.Message;
    }

    /// <summary>What went wrong.</summary>
    public ErrorCondition Condition { get; }

    /// <summary>The HTTP status; null when no answer was heard.</summary>
    public int? StatusCode { get; }

    /// <summary>The service's identifier of the request; null when it gave none.</summary>
    public string? RequestId { get; }

    /// <summary>The service's own words; null when it said nothing.</summary>
    public string? ServiceMessage { get; }

    /// <summary>Describes an exchange that ended without success.</summary>
    /// <param name="exchange">The exchange.</param>
    /// <param name="what">What did not happen, as the start of a sentence.</param>
    public static ServiceException From(Exchange exchange, string what)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        var condition = ConditionOf(exchange);
        var reason = exchange.Reply is { } reply
            ? $"the service answered {reply.StatusCode}: {reply.Message}{(reply.RequestId is { } id ? $" (request id {id})" : "")}"
            : exchange.FaultMessage;
        return new ServiceException(condition, $"{what}: {reason}", exchange);
    }

    private static ErrorCondition ConditionOf(Exchange exchange) => exchange.Reply switch
    {
        null => exchange.Fault == TransportFault.Timeout ? ErrorCondition.Timeout : ErrorCondition.NetworkError,
        { StatusCode: 401 } => ErrorCondition.AuthenticationFailed,
        { StatusCode: 403 } => ErrorCondition.AccessDenied,
        { StatusCode: 404 } => ErrorCondition.ConnectionNotFound,
        { StatusCode: 408 } => ErrorCondition.Timeout,
        { StatusCode: 413 } => ErrorCondition.RequestTooLarge,
        { StatusCode: 429 } => ErrorCondition.RateLimitExceeded,
        { IsRefusal: true } => ErrorCondition.RequestInvalid,
        { StatusCode: >= 500 and <= 599 } => ErrorCondition.ServiceUnavailable,
        _ => ErrorCondition.UnexpectedResponse,
    };
}
