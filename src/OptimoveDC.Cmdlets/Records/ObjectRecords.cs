using System.Data;
using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Text.Json;
using OptimoveDC.Core.Records;
using OptimoveDC.Core.Records.Columns;

namespace OptimoveDC.Cmdlets.Records;

/// <summary>
/// Writes objects as records, whatever they are, by the rules that hold for the columns of files: each at once, when it comes,
/// by the thread that calls. One instance serves a whole source; used by one thread at a time.
/// </summary>
/// <param name="layout">Which fields are sent, and how.</param>
/// <param name="command">The cmdlet, for messages.</param>
internal sealed class ObjectRecords(ColumnLayout layout, string command)
{
    // Rows of one source are alike, as a rule; a few kinds may take turns.
    private const int MostShapes = 8;

    private readonly ObjectFields _reader = new(layout.Properties);
    private readonly FieldList _fields = new();
    private readonly ColumnSet _columns = new(layout);
    private readonly string[] _keyNames = [.. new ColumnSet(layout).KeyNames.Distinct(StringComparer.OrdinalIgnoreCase)];
    private readonly List<RecordShape> _shapes = [];
    private RecordShape? _last;
    private ValueWriter? _values;
    private int _oldest;
    private long _record;
    private long _deletedRows;
    private bool _isWriting;

    /// <summary>The field with a record's own time-to-live, which is no data then; null when there is none.</summary>
    internal string? TimeToLiveProperty { get; init; }

    /// <summary>The time-to-live of records without one of their own, in seconds, where the operation has one for each record.</summary>
    internal int? TimeToLive { get; init; }

    /// <summary>Asks whether the record of a key may be written; null when nobody is asked.</summary>
    internal Func<RecordKey, bool>? Confirm { get; init; }

    /// <summary>The fields that records were sent with so far.</summary>
    internal IReadOnlyList<string> FieldNames => _columns.FieldNames;

    /// <summary>What the user should know when a source has been read to its end.</summary>
    internal IReadOnlyList<string> Remarks => UnseenColumns.Describe(_columns);

    /// <summary>What the user should know of rows that are no records; null when there were none.</summary>
    internal string? SkippedRows => _deletedRows == 0 ? null : $"Rows that are deleted in their DataTable (row state Deleted) are no records: {_deletedRows} skipped.";

    private ValueWriter Values => _values ??= new ValueWriter(_reader);

    /// <summary>Writes the record that an object is: it ends in a commit, a rejection, or nothing where it is no record.</summary>
    /// <param name="writer">Takes the record.</param>
    /// <param name="position">Its position in the source, from 1.</param>
    /// <param name="input">The object.</param>
    internal void Write(RecordWriter writer, long position, object? input)
    {
        if (_isWriting)
        {
            // A property that is computed by a script may do anything.
            throw new InvalidOperationException("The object that is being written hands over another one to the same cmdlet.");
        }

        _isWriting = true;
        writer.Begin(position);
        try
        {
            Write(writer, input);
        }
        catch
        {
            writer.Discard();
            throw;
        }
        finally
        {
            _fields.Clear();
            _isWriting = false;
        }
    }

    /// <summary>Writes the record that a row is.</summary>
    /// <param name="writer">Takes the record.</param>
    /// <param name="position">Its position in the source, from 1.</param>
    /// <param name="names">The names of its columns.</param>
    /// <param name="values">Their values; a <see cref="FieldList.Unreadable"/> for one that can't be read.</param>
    internal void WriteRow(RecordWriter writer, long position, ReadOnlySpan<string> names, ReadOnlySpan<object?> values)
    {
        writer.Begin(position);
        for (var column = 0; column < names.Length; column++)
        {
            _fields.Add(names[column], values[column]);
        }

        try
        {
            WriteFields(writer, FindShape());
        }
        catch (UnsendableValueException exception)
        {
            Reject(writer, exception.Message, RecordFault.Value);
        }
        finally
        {
            _fields.Clear();
        }
    }

    private void Write(RecordWriter writer, object? input)
    {
        try
        {
            if (Refuse(input, out var record) is { } refusal)
            {
                Reject(writer, refusal, input, RecordFault.Malformed);
                return;
            }

            if (IsDeleted(record!))
            {
                _deletedRows++;
                writer.Discard();
                return;
            }

            _reader.Read(record!, _fields);
        }
        catch (UnsendableValueException exception)
        {
            Reject(writer, $"it {exception.Reason}", input: null, RecordFault.Malformed);
            return;
        }

        try
        {
            WriteFields(writer, FindShape());
        }
        catch (UnsendableValueException exception)
        {
            Reject(writer, exception.Message, RecordFault.Value);
        }
    }

    private void WriteFields(RecordWriter writer, RecordShape shape)
    {
        if (shape.Key < 0)
        {
            Reject(writer, shape.IsAmbiguous ? writer.Key.Refuse(shape.KeyReason!) : writer.Key.SetMissing(shape.KeyReason! + FieldNotes.Describe(_fields, command)), RecordFault.Malformed);
            return;
        }

        var timeToLive = TimeToLive;
        if ((FindTimeToLive(shape, ref timeToLive) ?? ValueTable.SetKey(writer.Key, KeyOf(shape), shape.Columns[shape.Key]!.Field)) is { } reason)
        {
            Reject(writer, reason, RecordFault.Malformed);
            return;
        }

        if (Confirm is not null && !Confirm(writer.Key))
        {
            writer.Discard();
            return;
        }

        WriteData(writer, shape);
        writer.Commit(timeToLive);
    }

    private void WriteData(RecordWriter writer, RecordShape shape)
    {
        _record++;
        var json = writer.OpenData();
        json.WriteStartObject();
        for (var at = 0; at < shape.Columns.Length; at++)
        {
            if (at == shape.TimeToLive)
            {
                continue;
            }

            if (shape.Columns[at] is not { } column)
            {
                throw new UnsendableValueException($"the name of a field {RecordText.HalfCharacter}");
            }

            if (column.Field is not { } field)
            {
                continue;
            }

            if (at == shape.Key)
            {
                Claim(column, shape, at);
                json.WritePropertyName(field.EncodedName);
                json.WriteRawValue(writer.Key.Json, skipInputValidation: true);
            }
            else
            {
                WriteField(json, shape, at, column, field);
            }
        }

        json.WriteEndObject();
    }

    private void WriteField(Utf8JsonWriter json, RecordShape shape, int at, Column column, RecordField field)
    {
        try
        {
            var value = ValueTable.Simplify(_fields.ValueAt(at));
            if (shape.Names[at] == RejectField.Name && ObjectFields.Has(value))
            {
                if (_reader.TryGet(value!, RejectField.Incomplete, out var incomplete) && ValueTable.Simplify(incomplete) is true)
                {
                    throw UnsendableValueException.OfRecord(RejectField.WhyIncomplete);
                }

                return;
            }

            Claim(column, shape, at);
            if (AsText(field, value) is { } text)
            {
                if (field.Write(json, text, layout.EmptyValue) is { } reason)
                {
                    throw RecordText.IsWellFormed(text) ? UnsendableValueException.OfRecord(reason) : new UnsendableValueException(RecordText.HalfCharacter);
                }

                return;
            }

            if (field.IsTyped && value is not null && !Fits(value, field.Type))
            {
                throw UnsendableValueException.OfRecord($"column '{field.Name}' holds a {ValueTable.NameOf(value)}, which is no {field.Type}");
            }

            json.WritePropertyName(field.EncodedName);
            Values.Write(json, value);
        }
        catch (UnsendableValueException exception)
        {
            exception.WithinField(shape.Names[at]);
            throw;
        }
    }

    private void Claim(Column column, RecordShape shape, int at)
    {
        if ((_columns.Renames || shape.HasTwins) && column.Claim(_record) is { } other)
        {
            throw UnsendableValueException.OfRecord(other.SourceName == shape.Names[at]
                ? $"two of its columns are named '{other.SourceName}'; give one of them another name, in a query with AS"
                : $"its fields '{other.SourceName}' and '{shape.Names[at]}' would both be sent as '{column.Field!.Name}'");
        }
    }

    private object? KeyOf(RecordShape shape)
    {
        try
        {
            return _fields.ValueAt(shape.Key);
        }
        catch (UnsendableValueException exception)
        {
            exception.WithinField(shape.Names[shape.Key]);
            throw;
        }
    }

    // A row without a time-to-live of its own takes the one of the call.
    private string? FindTimeToLive(RecordShape shape, ref int? seconds)
    {
        if (TimeToLiveProperty is null)
        {
            return null;
        }

        if (shape.TimeToLive < 0)
        {
            return $"it has no field '{TimeToLiveProperty}', which -TimeToLiveProperty names" + FieldNotes.Describe(_fields, command);
        }

        return ValueTable.ReadTimeToLive(_fields.ValueAt(shape.TimeToLive), ref seconds);
    }

    private string? Refuse(object? input, out object? record)
    {
        record = null;
        var bare = input is PSObject wrapped ? wrapped.BaseObject : input;
        switch (bare)
        {
            case PSCustomObject when !ReferenceEquals(input, AutomationNull.Value):
                record = input;
                return null;
            case DirectoryInfo folder:
                return $"it is a folder ({folder.Name}), not a file; list files alone, with Get-ChildItem -File";
            case not null when TypeTraits.Of(bare.GetType()).IsEntry:
                return $"it is one entry of a dictionary or of a JSON object, which the pipeline took apart; hand the object over whole: ,$object | {command}";
        }

        record = ValueTable.Simplify(input);
        if (bare is not null && TypeTraits.Of(bare.GetType()).IsJson && record is not JsonElement { ValueKind: JsonValueKind.Object })
        {
            return $"it is JSON that is no object; if the pipeline took an object apart, hand it over whole: ,$object | {command}";
        }

        return (record is PSObject made ? made.BaseObject : record) switch
        {
            null => "it is null; a record is an object or a dictionary",
            string => command.StartsWith("Set", StringComparison.Ordinal) ? "it is text; give an object or a dictionary, or use -PrimaryKey and -Data" : "it is text, not a record; name a file with -Path",
            var value when ObjectFields.Has(record) => null,
            var value when ValueTable.Refuse(value) is { } reason => $"it {reason}",
            var value => $"it is a {ValueTable.NameOf(value)}; a record is an object or a dictionary",
        };
    }

    private static bool IsDeleted(object record) => (record is PSObject wrapped ? wrapped.BaseObject : record) switch
    {
        DataRow row => row.RowState == DataRowState.Deleted,
        DataRowView view => view.Row.RowState == DataRowState.Deleted,
        _ => false,
    };

    private void Reject(RecordWriter writer, string reason, RecordFault fault)
    {
        var (record, isIncomplete) = RecordSketch.Of(_fields, SentName, Values);
        writer.Reject(reason, record, fault, isIncomplete);
    }

    private void Reject(RecordWriter writer, string reason, object? input, RecordFault fault)
    {
        var (record, isIncomplete) = RecordSketch.Of(input, Values);
        writer.Reject(reason, record, fault, isIncomplete);
    }

    private string? SentName(string name) => RecordText.IsWellFormed(name) ? _columns.Resolve(name).Field?.Name : null;

    private RecordShape FindShape()
    {
        if (_last?.Has(_fields.Names) == true)
        {
            return _last;
        }

        foreach (var shape in _shapes)
        {
            if (shape.Has(_fields.Names))
            {
                return _last = shape;
            }
        }

        _last = RecordShape.Of(_fields, _columns, _keyNames, TimeToLiveProperty);
        if (_shapes.Count < MostShapes)
        {
            _shapes.Add(_last);
        }
        else
        {
            _shapes[_oldest++ % MostShapes] = _last;
        }

        return _last;
    }

    // A text, or a number or a boolean that the user wants as text; null for all else.
    private static string? AsText(RecordField field, object? value) => value switch
    {
        string text => text,
        null => null,
        _ when field is not { IsTyped: true, Type: ColumnType.Text } => null,
        bool => ValueTable.TextOf(value),
        _ => ValueTable.IsNumber(value) ? ValueTable.DigitsOf(value) : null,
    };

    private static bool Fits(object value, ColumnType type) => type switch
    {
        ColumnType.Json => true,
        ColumnType.Number => ValueTable.IsNumber(value),
        ColumnType.Boolean => value is bool,
        _ => ValueTable.IsScalar(value),
    };
}
