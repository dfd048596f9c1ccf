namespace OptimoveDC.Emulator;

/// <summary>The answer to updating a key that does not exist.</summary>
public enum AbsentUpdate
{
    /// <summary>The key is a bad item: 400, as the guide says.</summary>
    BadRequest,

    /// <summary>The record is added.</summary>
    Insert,

    /// <summary>Success with an <c>updated_records</c> smaller than the number of items sent; nothing is added.</summary>
    ShortCount,
}
