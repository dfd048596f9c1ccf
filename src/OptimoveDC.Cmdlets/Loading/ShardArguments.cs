using System.Management.Automation;

namespace OptimoveDC.Cmdlets.Loading;

/// <summary>Which arguments make a shard, and what is missing where they don't.</summary>
internal static class ShardArguments
{
    /// <summary>Looks for what is wrong with the arguments of a call.</summary>
    /// <returns>Null when nothing is; else what to do, in words for the user.</returns>
    internal static string? FindFault(InvocationInfo invocation, int index, int count, Guid? batchId)
    {
        var hasIndex = invocation.BoundParameters.ContainsKey("ShardIndex");
        var hasCount = invocation.BoundParameters.ContainsKey("ShardCount");
        return (hasIndex, hasCount) switch
        {
            (false, false) => null,
            (true, false) => "-ShardIndex says which part of the source this is: say with -ShardCount how many parts there are.",
            (false, true) => "-ShardCount says how many parts there are: say with -ShardIndex which of them this is, counted from 0.",
            _ when index >= count => $"-ShardIndex is counted from 0: of {count} parts the last is {count - 1}, and not {index}.",
            _ when batchId is null =>
                "All parts of a source are one batch: make its id once, with [guid]::NewGuid(), and give it to each of them with -BatchId. All but the last to run take -KeepBatchOpen too.",
            _ => null,
        };
    }
}
