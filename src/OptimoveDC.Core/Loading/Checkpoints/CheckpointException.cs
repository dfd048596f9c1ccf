namespace OptimoveDC.Core.Loading.Checkpoints;

/// <summary>A checkpoint can't be read, written, or gone on from.</summary>
public sealed class CheckpointException : Exception
{
    /// <summary>Says what is wrong with which file.</summary>
    public CheckpointException(string path, string message, CheckpointFault fault, Exception? inner = null)
        : base(message, inner)
    {
        Path = path;
        Fault = fault;
    }

    /// <summary>The checkpoint file.</summary>
    public string Path { get; }

    /// <summary>What kind of fault it is.</summary>
    public CheckpointFault Fault { get; }
}

/// <summary>What can be wrong with a checkpoint.</summary>
public enum CheckpointFault
{
    /// <summary>The file can't be read, or is none of ours.</summary>
    Unreadable,

    /// <summary>The file can't be written: no permission, no space.</summary>
    Unwritable,

    /// <summary>Another import is writing to it.</summary>
    InUse,

    /// <summary>The import is not the one that the checkpoint is of: another connection, other options.</summary>
    OtherImport,

    /// <summary>The source is not what it was when the import began.</summary>
    SourceChanged,
}
