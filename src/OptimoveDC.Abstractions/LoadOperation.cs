namespace OptimoveDC;

/// <summary>What a load does with its records.</summary>
public enum LoadOperation
{
    /// <summary>Uploads whole records (<c>upload_data</c>).</summary>
    Upload,

    /// <summary>Replaces whole records by primary key (<c>update_data</c>).</summary>
    Update,

    /// <summary>Deletes records by primary key (<c>delete_data</c>).</summary>
    Delete,
}
