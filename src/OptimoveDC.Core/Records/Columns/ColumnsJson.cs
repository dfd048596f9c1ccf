using System.Text.Json.Serialization;

namespace OptimoveDC.Core.Records.Columns;

[JsonSerializable(typeof(string[]))]
internal sealed partial class ColumnsJson : JsonSerializerContext;
