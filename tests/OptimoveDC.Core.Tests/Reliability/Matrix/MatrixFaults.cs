namespace OptimoveDC.Core.Tests.Reliability.Matrix;

/// <summary>All columns of the matrix.</summary>
internal static class MatrixFaults
{
    internal static IReadOnlyDictionary<(string Row, string Name), MatrixFault> All { get; } =
        new[] { ConnectionFaults.All, StatusFaults.All, AnswerFaults.All, ThrottleFaults.All }
            .SelectMany(faults => faults)
            .ToDictionary(fault => (fault.Row, fault.Name));
}

/// <summary>What is asked of the service.</summary>
public enum MatrixCall
{
    /// <summary><c>upload_data</c>, as a batch of one request.</summary>
    Upload,

    /// <summary><c>update_data</c>.</summary>
    Update,

    /// <summary><c>delete_data</c>.</summary>
    Delete,

    /// <summary><c>POST /connections</c>.</summary>
    Create,
}

/// <summary>How often the fault happens.</summary>
public enum MatrixTimes
{
    /// <summary>The first time; then all is well.</summary>
    Once,

    /// <summary>Every time.</summary>
    Always,
}
