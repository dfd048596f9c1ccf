namespace OptimoveDC.Core.Loading;

/// <summary>
/// Keeps the user's objects of records in less memory than they take themselves, until the outcome of each is known.
/// </summary>
/// <remarks>
/// A chunk waits for its answer for as long as the service takes. Objects that wait with it grow old, and cost a garbage
/// collector more than all that is done with them otherwise.
/// </remarks>
public interface IInputKeeper
{
    /// <summary>Keeps the object of a record that will be sent. Called by the thread that writes records.</summary>
    /// <param name="line">The record's place in its source.</param>
    void Keep(long line);

    /// <summary>Finds the object of a record that is kept. Called by any thread.</summary>
    /// <param name="line">The record's place in its source.</param>
    object Find(long line);

    /// <summary>The outcome of some records is known: their objects are not asked for any more. Called by any thread.</summary>
    /// <param name="count">How many.</param>
    void Release(int count);
}
