namespace OptimoveDC.Core.Http;

/// <summary>A request was cancelled while it waited, and no attempt of it can have been carried out.</summary>
public sealed class RequestNotSentException : OperationCanceledException
{
    /// <summary>Describes the cancellation.</summary>
    /// <param name="cancellationToken">The token that was cancelled.</param>
    public RequestNotSentException(CancellationToken cancellationToken)
        : base("The request was cancelled before it was sent.", cancellationToken)
    {
    }
}
