using System.Text.Json;
using OptimoveDC.Core.Records.Columns;

namespace OptimoveDC.Core.Records.Files.Json;

/// <summary>A record of a JSON file: found out once where its fields stand, then written from there. One instance serves a whole file.</summary>
internal sealed class JsonRecord
{
    private const int Deepest = 500;
    private static readonly JsonReaderOptions Strict = new() { MaxDepth = Deepest };

    private readonly JsonColumns _columns;
    private readonly NestedNames _names = new();
    private readonly List<JsonField> _fields = [];
    private readonly HashSet<string> _rareNames = new(StringComparer.Ordinal);
    private readonly JsonFieldWriter _writer;
    private readonly RecordBuffer _record = new();
    private long _number;
    private string? _reason;
    private bool _isObject;

    internal JsonRecord(ColumnSet columns)
    {
        _columns = new JsonColumns(columns);
        _writer = new JsonFieldWriter(columns);
    }

    /// <summary>How many bytes the record takes.</summary>
    internal int Length { get; private set; }

    /// <summary>Looks at the record that starts at the first byte.</summary>
    /// <param name="json">The record, and whatever follows it.</param>
    /// <param name="isFinal">Whether all of it is there.</param>
    /// <returns>False when more of it has to be read first.</returns>
    /// <exception cref="JsonException">It is not JSON.</exception>
    internal bool TryScan(ReadOnlySpan<byte> json, bool isFinal)
    {
        _number++;
        _fields.Clear();
        _names.Clear();
        _rareNames.Clear();
        _columns.BeginRecord();
        _reason = null;
        var reader = new Utf8JsonReader(json, isFinal, new JsonReaderState(Strict));
        if (!reader.Read())
        {
            return false;
        }

        _isObject = reader.TokenType == JsonTokenType.StartObject;
        if (!(_isObject ? ScanFields(ref reader, json) : reader.TrySkip()))
        {
            return false;
        }

        Length = (int)reader.BytesConsumed;
        if (!_isObject)
        {
            _reason = $"it is {Describe(reader.TokenType)}; a record is an object";
        }
        else if (json[..Length].IndexOf("\\u"u8) >= 0 && JsonEscapes.HaveHalfCharacter(json[..Length]))
        {
            _reason ??= $"it {RecordText.HalfCharacter}";
        }

        return true;
    }

    /// <summary>Writes the record that was looked at last.</summary>
    internal void Write(ReadOnlySpan<byte> json, RecordWriter writer, long line)
    {
        writer.Begin(line);
        if (_reason is not null)
        {
            writer.Reject(_reason, _isObject ? System.Text.Encoding.UTF8.GetString(JsonText.OnOneLine(json[..Length])) : JsonFieldWriter.ShowText(json[..Length]), RecordFault.Malformed);
            return;
        }

        var (key, reason) = FindKey(writer.Key);
        reason ??= _writer.SetKey(writer.Key, json, _fields[key]);
        if (reason is null && writer.NeedsData)
        {
            reason = Assemble(json, writer.Key, key);
        }

        if (reason is not null)
        {
            writer.Reject(reason, JsonFieldWriter.Show(json, _fields));
            return;
        }

        writer.WriteData(_record.Bytes);
        writer.Commit();
    }

    private bool ScanFields(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.EndObject)
            {
                return true;
            }

            var column = _columns.Find(reader.ValueSpan, reader.ValueIsEscaped);
            if (!reader.Read())
            {
                return false;
            }

            var offset = (int)reader.TokenStartIndex;
            var type = reader.TokenType;
            var isEscaped = type == JsonTokenType.String && reader.ValueIsEscaped;
            if (type is JsonTokenType.StartObject or JsonTokenType.StartArray && !ScanNested(ref reader, json))
            {
                return false;
            }

            Take(new JsonField(column, offset, (int)reader.BytesConsumed - offset, type, isEscaped), json);
        }

        return false;
    }

    private void Take(JsonField field, ReadOnlySpan<byte> json)
    {
        var column = field.Column;
        if (column.LastRecord == _number || (!column.IsKept && !_rareNames.Add(column.SourceName)))
        {
            _reason ??= $"it has the field '{column.SourceName}' twice";
        }

        column.LastRecord = _number;
        if (field.Type == JsonTokenType.StartObject && column.SourceName == RejectField.Name)
        {
            using var reject = JsonDocument.Parse(json.Slice(field.Offset, field.Length).ToArray());
            if (reject.RootElement.TryGetProperty(RejectField.Incomplete, out var incomplete) && incomplete.ValueKind == JsonValueKind.True)
            {
                _reason ??= RejectField.WhyIncomplete;
            }

            return;
        }

        if (column.Field is null)
        {
            return;
        }

        if (column.Claim(_number) is { } other && other != column)
        {
            _reason ??= $"its fields '{other.SourceName}' and '{column.SourceName}' would both be sent as '{column.Field.Name}'";
        }

        _fields.Add(field);
    }

    private bool ScanNested(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        var depth = reader.CurrentDepth;
        do
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    _names.Enter();
                    break;
                case JsonTokenType.EndObject:
                    _names.Leave();
                    break;
                case JsonTokenType.PropertyName when !_names.Add(json, (int)reader.TokenStartIndex + 1, reader.ValueSpan.Length, reader.ValueIsEscaped):
                    _reason ??= $"an object in it has the field '{NestedNames.Unescape(reader.ValueSpan, reader.ValueIsEscaped)}' twice";
                    break;
            }

            if (reader.CurrentDepth == depth && reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
            {
                return true;
            }
        }
        while (reader.Read());

        return false;
    }

    private (int Key, string? Reason) FindKey(RecordKey key)
    {
        var (exact, similar) = (-1, -1);
        var (exacts, similars) = (0, 0);
        for (var at = 0; at < _fields.Count; at++)
        {
            switch (_fields[at].Column.KeyMatch)
            {
                case KeyMatch.Exact:
                    exact = at;
                    exacts++;
                    break;
                case KeyMatch.Similar:
                    similar = at;
                    similars++;
                    break;
            }
        }

        return (exacts, similars) switch
        {
            (1, _) => (exact, null),
            (0, 1) => (similar, null),
            (0, 0) => (-1, key.SetMissing($"it has no field '{_columns.Set.KeyProperty}', which -KeyProperty names")),
            _ => (-1, key.Refuse($"-KeyProperty '{_columns.Set.KeyProperty}' could be several of its fields: {string.Join(", ", _fields.Where(field => field.Column.KeyMatch != KeyMatch.None).Select(field => $"'{field.Column.SourceName}'"))}")),
        };
    }

    private string? Assemble(ReadOnlySpan<byte> json, RecordKey key, int keyField)
    {
        _record.Open();
        for (var at = 0; at < _fields.Count; at++)
        {
            if (at == keyField)
            {
                _fields[at].Column.Field!.AppendKey(_record, key);
            }
            else if (_writer.Append(_record, json, _fields[at]) is { } reason)
            {
                return reason;
            }
        }

        _record.Close();
        return null;
    }

    private static string Describe(JsonTokenType type) => type switch
    {
        JsonTokenType.EndArray => "a list",
        JsonTokenType.String => "text",
        JsonTokenType.Number => "a number",
        JsonTokenType.Null => "null",
        _ => "true or false",
    };
}
