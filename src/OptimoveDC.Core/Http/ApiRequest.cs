namespace OptimoveDC.Core.Http;

/// <summary>One request to the service, which may take several attempts.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="RelativePath">The endpoint below the base address.</param>
/// <param name="Body">The body; written anew, byte for byte the same, for every attempt.</param>
/// <param name="IsRepeatable">True for the keyed writes, which do the same however often they arrive; false for creating a connection.</param>
public sealed record ApiRequest(HttpMethod Method, string RelativePath, IRequestBody Body, bool IsRepeatable);
