namespace OptimoveDC.Cmdlets.Records;

/// <summary>An object of the pipeline, as it was when it came; its values lie beside it.</summary>
/// <param name="Input">The object itself, which a reject names.</param>
/// <param name="Shape">Its fields; null when it can't be a record.</param>
/// <param name="FirstValue">Where its values begin.</param>
/// <param name="Reason">Why it can't be a record, whatever its shape; null when it can.</param>
/// <param name="Sketch">What is shown of it when it can't.</param>
/// <param name="IsPlain">True when there is no more to it than its fields: they are enough to make an equal one.</param>
internal readonly record struct TakenRecord(object Input, ObjectShape? Shape, int FirstValue, string? Reason, string? Sketch, bool IsPlain);
