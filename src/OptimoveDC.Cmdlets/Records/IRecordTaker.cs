namespace OptimoveDC.Cmdlets.Records;

/// <summary>
/// Takes what a record needs of an object as it is now: whoever made the object may change it and hand it over again.
/// Used by the thread of the pipeline alone.
/// </summary>
internal interface IRecordTaker
{
    /// <summary>Takes an object.</summary>
    /// <param name="input">The object.</param>
    /// <param name="values">Takes the values.</param>
    TakenRecord Take(object? input, ValueList values);
}
