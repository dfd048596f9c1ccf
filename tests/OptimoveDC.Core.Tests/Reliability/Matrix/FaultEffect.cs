namespace OptimoveDC.Core.Tests.Reliability.Matrix;

/// <summary>What a fault means by the documentation, whatever it looks like.</summary>
internal enum FaultEffect
{
    /// <summary>It is a success all the same.</summary>
    None,

    /// <summary>A success that says nothing: enough for records, and not for the identifier of a new connection.</summary>
    Wordless,

    /// <summary>A success that counts one record less than was sent.</summary>
    CountsShort,

    /// <summary>The service was never reached; another try is worth it.</summary>
    NotReached,

    /// <summary>Whoever answers is not to be trusted; nothing is sent, and nothing tried again.</summary>
    Untrusted,

    /// <summary>Nobody heard what became of the request; it is repeated.</summary>
    Unheard,

    /// <summary>The request is over, and so is the load.</summary>
    Stops,

    /// <summary>The records are refused, not the request as such.</summary>
    Refuses,

    /// <summary>The request is too large.</summary>
    TooLarge,

    /// <summary>The service asks for a pause, which ends within the patience of a load.</summary>
    Throttles,

    /// <summary>The service asks for a pause, which is longer than the patience of a load.</summary>
    ThrottlesTooLong,
}
