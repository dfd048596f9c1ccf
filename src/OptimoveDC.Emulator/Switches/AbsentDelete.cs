namespace OptimoveDC.Emulator;

/// <summary>The answer to deleting a key that does not exist.</summary>
public enum AbsentDelete
{
    /// <summary>The key is a bad item: 400, as the guide says.</summary>
    BadRequest,

    /// <summary>Success with a <c>deleted_records</c> smaller than the number of keys sent.</summary>
    ShortCount,
}
