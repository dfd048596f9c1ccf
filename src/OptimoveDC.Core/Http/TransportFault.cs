namespace OptimoveDC.Core.Http;

/// <summary>Why an attempt had no answer.</summary>
public enum TransportFault
{
    /// <summary>It had one.</summary>
    None,

    /// <summary>The service was never reached: refused, unknown host, TLS failure. Nothing was carried out.</summary>
    NotReached,

    /// <summary>The connection broke, or the answer could not be read to its end.</summary>
    Broken,

    /// <summary>The attempt took longer than its timeout.</summary>
    Timeout,
}
