namespace OptimoveDC.Emulator;

/// <summary>One item of a write request, in the order of the request.</summary>
/// <param name="Index">Its place in the list, from 0.</param>
/// <param name="Key">Its key; meaningless when that is what is wrong.</param>
/// <param name="KeyJson">The key as raw JSON, <c>null</c> where it is missing.</param>
/// <param name="Value">The record or <c>data</c>; empty for a delete.</param>
/// <param name="TimeToLiveSeconds">The time to live of an update, in seconds.</param>
/// <param name="Fault">What is wrong with it; null for a good item.</param>
internal readonly record struct RecordItem(int Index, RecordKey Key, string KeyJson, JsonText Value, int? TimeToLiveSeconds, ItemFault? Fault);
