namespace OptimoveDC.Emulator;

/// <summary>The body of a successful upload; the service does not document one.</summary>
public enum UploadResponseShape
{
    /// <summary><c>{"status":"success","uploaded_records":n,"batch_uuid":"…"}</c></summary>
    Counts,

    /// <summary>204 with no body.</summary>
    Empty,

    /// <summary><c>{"status":"success"}</c></summary>
    StatusOnly,
}
