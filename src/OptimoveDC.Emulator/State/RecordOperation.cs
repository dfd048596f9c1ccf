namespace OptimoveDC.Emulator;

/// <summary>The three writes of the service.</summary>
public enum RecordOperation
{
    /// <summary>POST upload_data.</summary>
    Upload,

    /// <summary>PUT update_data.</summary>
    Update,

    /// <summary>POST delete_data.</summary>
    Delete,
}
