using System.Security.Cryptography.X509Certificates;
using OptimoveDC.Core.Api;

namespace OptimoveDC.Core.Tests.Reliability.Matrix;

/// <summary>A column of the matrix: something that goes wrong, and what that means by the documentation.</summary>
/// <param name="Row">The row of <c>docs/reliability.md</c> that it counts towards.</param>
/// <param name="Name">What is particular to it.</param>
/// <param name="Effect">What it means.</param>
internal sealed record MatrixFault(string Row, string Name, FaultEffect Effect)
{
    /// <summary>The identifier of the connection that is created.</summary>
    internal static readonly Guid CreatedId = new("7f3a1c52-6d0b-4e0e-9a1d-2f5b8c9e4d10");

    /// <summary>The error of a load that it stops.</summary>
    internal ErrorCondition Condition { get; init; }

    /// <summary>Plays a request whose head was read; null for a fault that comes before.</summary>
    internal Func<FaultVisit, Task>? Play { get; init; }

    /// <summary>Plays a connection before anything was read; true when it is over then.</summary>
    internal Func<FaultVisit, Task<bool>>? Greet { get; init; }

    /// <summary>What the server shows; null for plain http.</summary>
    internal X509Certificate2? Certificate { get; init; }

    /// <summary>The attempts that a request may take.</summary>
    internal int Attempts { get; init; } = 8;

    /// <summary>The host that is asked for; null for the loopback address.</summary>
    internal string? Host { get; init; }

    /// <summary>Whether the server refuses connections.</summary>
    internal bool RefusesConnections { get; init; }

    /// <summary>The length of each record's value.</summary>
    internal int ValueLength { get; init; } = 10;

    /// <summary>How many records a success counts that counts short.</summary>
    internal int Counted { get; init; } = MatrixRun.Records - 1;

    /// <summary>Words of the answer that the error must repeat; null when there are none.</summary>
    internal string? Words { get; init; }

    /// <summary>How long the load is made to wait at least and at most, when the fault happens once; null for no matter.</summary>
    internal (TimeSpan Least, TimeSpan Most)? Wait { get; init; }

    /// <summary>Whether what is wrong cannot be over with the next attempt.</summary>
    internal bool NeverPasses { get; init; }

    /// <summary>Whether it makes a difference that the fault is over with the next attempt, and whether there is one.</summary>
    internal bool CanPass => !NeverPasses
        && Effect is FaultEffect.NotReached or FaultEffect.Unheard or FaultEffect.Refuses or FaultEffect.TooLarge or FaultEffect.Throttles;
}
