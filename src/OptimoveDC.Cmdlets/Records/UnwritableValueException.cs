namespace OptimoveDC.Cmdlets.Records;

/// <summary>A value of an object can't be sent. The message is the reason, as the end of a sentence.</summary>
internal sealed class UnwritableValueException(string message) : Exception(message);
