using System.Text.Json.Serialization;

namespace OptimoveDC.Core.Sync;

/// <summary>How options lie in a state.</summary>
[JsonSerializable(typeof(SortedDictionary<string, string>))]
internal sealed partial class StateJson : JsonSerializerContext;
