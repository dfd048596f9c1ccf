using System.Management.Automation;
using OptimoveDC.Cmdlets.Arguments;
using OptimoveDC.Cmdlets.Completion;
using OptimoveDC.Cmdlets.Records;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Records;

namespace OptimoveDC.Cmdlets.Loading;

/// <summary>Replaces records of a Data Connection by primary key.</summary>
[Cmdlet(VerbsCommon.Set, "OptimoveRecord", SupportsShouldProcess = true, DefaultParameterSetName = KeySet)]
[OutputType(typeof(LoadResult))]
public sealed class SetOptimoveRecordCommand : KeyedRecordCmdlet
{
    private const string Action = "Replace the whole record";
    private RowTaker? _rows;
    private ObjectShape? _rowShape;
    private int _keyAt;
    private int _timeToLiveAt;

    /// <summary>The key of the record to replace. Quote it unless it is a number: 0001000 on the command line is 1000.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = KeySet)]
    [ValidateNotNull]
    public object? PrimaryKey { get; set; }

    /// <summary>The whole new record: a field that is not in it is gone afterwards.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = KeySet)]
    [ValidateNotNull]
    public object? Data { get; set; }

    /// <summary>A row (with -KeyProperty), or an object with primary_key, data and ttl.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = PipelineSet)]
    [AllowNull]
    public object? InputObject
    {
        get;
        set => field = MemoryPrefetch.Row(value);
    }

    /// <summary>The field of a row with its time-to-live; it is not sent as data.</summary>
    [Parameter(ParameterSetName = PipelineSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ColumnNameCompleter))]
    public string? TimeToLiveProperty { get; set; }

    /// <summary>After how long the records expire: seconds, or a TimeSpan; never when left out.</summary>
    [Parameter]
    [TimeToLiveTransformation]
    [Alias("Ttl")]
    public int? TimeToLive { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == KeySet)
        {
            Take(PrimaryKey);
        }
        else if (ItemsOf(InputObject) is { } items)
        {
            foreach (var input in items)
            {
                TakeInput(input);
            }
        }
        else
        {
            TakeInput(InputObject);
        }
    }

    private protected override Envelope MakeEnvelope() => new UpdateEnvelope();

    private protected override string? WriteInput(RecordWriter writer, object? input)
    {
        if (ParameterSetName == KeySet)
        {
            return Write(writer, PrimaryKey, TimeToLive, Data);
        }

        if (Refuse(input) is { } reason)
        {
            return reason;
        }

        var record = PSObject.AsPSObject(input);
        if (KeyProperty is null)
        {
            return WriteApiShape(writer, record);
        }

        var values = new ValueList();
        var shape = Layout.Taker.Take(record, values, out _);
        return WriteRow(writer, shape, values.Slice(0, values.Count));
    }

    private protected override void WriteRow(RecordWriter writer, RecordBlock block, int at)
    {
        ref readonly var record = ref block.RecordAt(at);
        writer.Begin(block.Position + at, record.Input, block.KeeperOf(at));
        var reason = record.Reason;
        try
        {
            reason ??= WriteRow(writer, record.Shape!, block.ValuesAt(at));
        }
        catch (UnwritableValueException exception)
        {
            reason = exception.Message;
        }

        if (reason is not null)
        {
            writer.Reject(reason, RejectPath is null ? null : record.Sketch ?? RecordSketch.Of(record.Shape!, block.ValuesAt(at)));
        }
    }

    private static string? Refuse(object? input) => (input is PSObject wrapped ? wrapped.BaseObject : input) switch
    {
        PSCustomObject => null,
        null => "it is null; give an object or a dictionary",
        var bare => ObjectFields.Has(PSObject.AsPSObject(input)) ? null : $"it is a {bare.GetType().Name}; give an object or a dictionary, or use -PrimaryKey and -Data",
    };

    private void TakeInput(object? input)
    {
        // Where the user is asked for each, by its key, nothing is taken ahead of the answer.
        if (KeyProperty is null || AsksForEach)
        {
            Take(input);
        }
        else
        {
            TakeRow(input, _rows ??= new RowTaker(Layout.Taker, Refuse));
        }
    }

    private string? WriteRow(RecordWriter writer, ObjectShape shape, ReadOnlySpan<object?> values)
    {
        if (!ReferenceEquals(shape, _rowShape))
        {
            (_rowShape, _keyAt) = (shape, shape.Find(KeyProperty!));
            _timeToLiveAt = TimeToLiveProperty is null ? -1 : shape.Find(TimeToLiveProperty);
        }

        if (_keyAt < 0)
        {
            return $"it has no field '{KeyProperty}', which -KeyProperty names";
        }

        var timeToLive = TimeToLive;
        if (TimeToLiveProperty is not null)
        {
            if (_timeToLiveAt < 0)
            {
                return $"it has no field '{TimeToLiveProperty}', which -TimeToLiveProperty names";
            }

            // A row without a time-to-live of its own takes the one of the call.
            if (!IsEmpty(values[_timeToLiveAt]) && ReadTimeToLive(values[_timeToLiveAt], out timeToLive) is { } reason)
            {
                return reason;
            }
        }

        if (RecordLayout.SetKey(writer.Key, values[_keyAt]) is { } refusal)
        {
            return refusal;
        }

        if (!Confirm(writer.Key, Action))
        {
            writer.Discard();
            return null;
        }

        Layout.WriteData(writer, shape, values, _keyAt, _timeToLiveAt);
        writer.Commit(timeToLive);
        return null;
    }

    private string? WriteApiShape(RecordWriter writer, PSObject item)
    {
        if (KeyTaker.FindIn(item, out _, out var key) is { } missing)
        {
            return missing;
        }

        if (!ObjectFields.TryGet(item, "data", out _, out var data))
        {
            return "it has no field 'data'; for rows whose every column is data, name the key's column with -KeyProperty";
        }

        var timeToLive = TimeToLive;
        if (ObjectFields.TryGet(item, "ttl", out _, out var own) && ReadTimeToLive(own, out timeToLive) is { } reason)
        {
            return reason;
        }

        return Write(writer, key, timeToLive, data);
    }

    private string? Write(RecordWriter writer, object? key, int? timeToLive, object? data)
    {
        if (RecordLayout.SetKey(writer.Key, key) is { } reason)
        {
            return reason;
        }

        if (!ObjectFields.Has(PSObject.AsPSObject(data ?? "")))
        {
            return "its data is not an object or a dictionary";
        }

        if (!Confirm(writer.Key, Action))
        {
            writer.Discard();
            return null;
        }

        Layout.WriteValue(writer.OpenData(), data);
        writer.Commit(timeToLive);
        return null;
    }

    private static bool IsEmpty(object? value) => value is null or "" || value is PSObject { BaseObject: "" };

    private static string? ReadTimeToLive(object? value, out int? seconds) =>
        Arguments.TimeToLive.TryRead(value is FrozenValue frozen ? frozen.TypeName : value, out seconds, out var reason) ? null : reason.TrimEnd('.');
}
