namespace OptimoveDC.Core.Sync;

/// <summary>What can keep a sync from its work.</summary>
public enum SyncFault
{
    /// <summary>The state can't be read, or is none of ours.</summary>
    StateUnreadable,

    /// <summary>The state can't be written: no permission, no space.</summary>
    StateUnwritable,

    /// <summary>Another sync is using the state.</summary>
    StateInUse,

    /// <summary>The state is of another Data Connection, or of other options.</summary>
    OtherState,

    /// <summary>More keys are missing than may be deleted at once: the source may be cut off.</summary>
    TooManyDeletes,

    /// <summary>The source changed while it was being read.</summary>
    SourceChanged,
}
