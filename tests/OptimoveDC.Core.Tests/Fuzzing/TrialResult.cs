namespace OptimoveDC.Core.Tests.Fuzzing;

/// <summary>What became of one input, as far as it was looked at.</summary>
[Flags]
internal enum TrialResult
{
    None = 0,

    /// <summary>The file was refused, or not read to its end.</summary>
    Refused = 1,

    /// <summary>Rows were rejected.</summary>
    Rejected = 2,

    /// <summary>A witness said what must become of each row.</summary>
    Witnessed = 4,

    /// <summary>A library read the same fields as the witness.</summary>
    LibraryAgreed = 8,

    /// <summary>Records arrived.</summary>
    Arrived = 16,

    /// <summary>The service refused records, which no witness foretells.</summary>
    ServiceRefused = 32,
}
