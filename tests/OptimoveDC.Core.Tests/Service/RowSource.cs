using System.Globalization;
using OptimoveDC.Core.Records;

namespace OptimoveDC.Core.Tests.Service;

/// <summary>A record of a test: a key, which is sent as a number where it is one, and a value.</summary>
internal sealed record Row(object Key, string Value, int? TimeToLive = null);

/// <summary>Rows from memory, as a source of the engine.</summary>
internal sealed class RowSource(IEnumerable<Row> rows, string keyField = "user_id") : IRecordSource
{
    private readonly IEnumerator<Row> _rows = rows.GetEnumerator();
    private long _line;

    public string Name => "test";

    public IReadOnlyList<string> FieldNames => [keyField, "value"];

    public long? TotalBytes => null;

    public long BytesRead => 0;

    public ValueTask<bool> ReadAsync(RecordWriter writer, CancellationToken cancellationToken)
    {
        if (!_rows.MoveNext())
        {
            return ValueTask.FromResult(false);
        }

        var row = _rows.Current;
        writer.Begin(++_line);
        var reason = row.Key is string text
            ? writer.Key.SetText(text)
            : writer.Key.SetNumber(Convert.ToString(row.Key, CultureInfo.InvariantCulture));
        if (reason is not null)
        {
            writer.Reject(reason);
            return ValueTask.FromResult(true);
        }

        var json = writer.OpenData();
        if (writer.NeedsData)
        {
            json.WriteStartObject();
            json.WritePropertyName(keyField);
            json.WriteRawValue(writer.Key.Json, skipInputValidation: true);
            json.WriteString("value", row.Value);
            json.WriteEndObject();
        }

        writer.Commit(row.TimeToLive);
        return ValueTask.FromResult(true);
    }

    public ValueTask DisposeAsync()
    {
        _rows.Dispose();
        return ValueTask.CompletedTask;
    }
}
