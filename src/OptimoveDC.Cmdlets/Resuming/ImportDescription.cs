using System.Management.Automation;
using OptimoveDC.Core.Loading.Checkpoints;
using OptimoveDC.Core.Loading.Shards;

namespace OptimoveDC.Cmdlets.Resuming;

/// <summary>Describes a call of Import-OptimoveData, so that a later call can go on with it and know that it may.</summary>
internal static class ImportDescription
{
    // What changes the bytes that are sent; all else may differ when an import is resumed.
    private static readonly string[] ContentParameters =
        ["ColumnType", "EmptyValue", "Property", "ExcludeProperty", "PropertyMap", "Delimiter", "Encoding", "First"];

    private static readonly HashSet<string> LeftOut = new(StringComparer.OrdinalIgnoreCase)
    {
        "InputObject", "Path", "LiteralPath", "DataConnectionId", "KeyProperty", "Session", "Resume", "BatchId", "TimeToLive",
        "WhatIf", "Confirm", "Verbose", "Debug", "PassThru", "OutVariable", "OutBuffer", "PipelineVariable",
        "ErrorAction", "WarningAction", "InformationAction", "ProgressAction", "ErrorVariable", "WarningVariable", "InformationVariable",
    };

    /// <summary>Describes an import.</summary>
    /// <param name="invocation">The call.</param>
    /// <param name="source">The full path of the file, or null for the pipeline.</param>
    /// <param name="name">The name that the source has in messages.</param>
    /// <param name="connectionId">The Data Connection.</param>
    /// <param name="batchId">The batch.</param>
    /// <param name="shard">The part of the source; null for all of it.</param>
    /// <param name="keyProperty">The field that holds the key.</param>
    /// <param name="keyType">How keys are written.</param>
    /// <param name="timeToLive">Seconds; null for never.</param>
    internal static CheckpointHeader Describe(
        InvocationInfo invocation,
        string? source,
        string name,
        Guid connectionId,
        Guid batchId,
        Shard? shard,
        string keyProperty,
        KeyType keyType,
        int? timeToLive)
    {
        var options = KeyOptions(keyProperty, keyType);
        foreach (var (parameter, value) in BoundOf(invocation, ContentParameters))
        {
            options[parameter] = value;
        }

        return new CheckpointHeader
        {
            Source = name,
            DataConnectionId = connectionId,
            BatchId = batchId,
            Shard = shard,
            StartedAt = DateTimeOffset.UtcNow,
            TimeToLiveSeconds = timeToLive,
            Options = options,
            ResumeCommand = Command(invocation, source, connectionId, shard is null ? null : batchId, keyProperty, timeToLive),
        };
    }

    /// <summary>The options that say which keys there are, as a user would type them.</summary>
    internal static Dictionary<string, string> KeyOptions(string keyProperty, KeyType keyType) =>
        new() { ["KeyProperty"] = CommandText.Of(keyProperty), ["KeyType"] = keyType.ToString() };

    /// <summary>The options that say what is sent for a key, as a user would type them. How many records are read is none of them.</summary>
    internal static Dictionary<string, string> ContentOptions(InvocationInfo invocation) =>
        BoundOf(invocation, ContentParameters.Where(parameter => parameter != "First"));

    private static Dictionary<string, string> BoundOf(InvocationInfo invocation, IEnumerable<string> parameters) =>
        parameters.Where(invocation.BoundParameters.ContainsKey).ToDictionary(parameter => parameter, parameter => CommandText.Of(invocation.BoundParameters[parameter]));

    private static string Command(InvocationInfo invocation, string? source, Guid connectionId, Guid? batchId, string keyProperty, int? timeToLive)
    {
        var command = source is null ? "<the same source> | Import-OptimoveData" : $"Import-OptimoveData -LiteralPath {CommandText.Of(source)}";
        command += $" -DataConnectionId {connectionId} -KeyProperty {CommandText.Of(keyProperty)}";
        if (batchId is { } batch)
        {
            command += $" -BatchId {batch}";
        }

        if (timeToLive is { } seconds)
        {
            command += $" -TimeToLive {CommandText.Of(seconds)}";
        }

        foreach (var (name, value) in invocation.BoundParameters.Where(bound => !LeftOut.Contains(bound.Key)).OrderBy(bound => bound.Key, StringComparer.Ordinal))
        {
            command += value is SwitchParameter present ? (present ? $" -{name}" : "") : $" -{name} {CommandText.Of(value)}";
        }

        return command + " -Resume";
    }
}
