using System.Text.Json;
using OptimoveDC.Core.Records.Columns;

namespace OptimoveDC.Core.Records.Files.Json;

/// <summary>A field of a JSON record, by where its value stands.</summary>
/// <param name="Column">Its column.</param>
/// <param name="Offset">Where its value starts in the record.</param>
/// <param name="Length">How long the value is, quotation marks included.</param>
/// <param name="Type">What the value begins with.</param>
/// <param name="IsEscaped">Whether it is a text with escapes in it.</param>
internal readonly record struct JsonField(Column Column, int Offset, int Length, JsonTokenType Type, bool IsEscaped);
