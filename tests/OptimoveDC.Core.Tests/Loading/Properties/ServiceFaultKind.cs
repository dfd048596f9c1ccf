namespace OptimoveDC.Core.Tests.Loading.Properties;

/// <summary>What may go wrong at the service itself; all but the last two of these change nothing there.</summary>
internal enum ServiceFaultKind
{
    /// <summary>429 without a word on how long to wait.</summary>
    TooManyRequests,

    /// <summary>429 with <c>Retry-After</c>.</summary>
    TooManyRequestsRetryAfter,

    /// <summary>500.</summary>
    InternalServerError,

    /// <summary>503.</summary>
    ServiceUnavailable,

    /// <summary>408.</summary>
    RequestTimeout,

    /// <summary>502 with a page of HTML, as a gateway writes it.</summary>
    GatewayPage,

    /// <summary>The request is carried out, and 500 answered.</summary>
    CarriedOutButFailed,

    /// <summary>The request is carried out on arrival, and answered after the attempt has timed out.</summary>
    CarriedOutButTooLate,
}
