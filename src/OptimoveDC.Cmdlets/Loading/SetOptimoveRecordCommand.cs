using System.Management.Automation;
using OptimoveDC.Cmdlets.Arguments;
using OptimoveDC.Cmdlets.Completion;
using OptimoveDC.Cmdlets.Records;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Records;
using OptimoveDC.Core.Records.Columns;

namespace OptimoveDC.Cmdlets.Loading;

/// <summary>Replaces records of a Data Connection by primary key.</summary>
[Cmdlet(VerbsCommon.Set, "OptimoveRecord", SupportsShouldProcess = true, DefaultParameterSetName = KeySet)]
[OutputType(typeof(LoadResult))]
public sealed class SetOptimoveRecordCommand : KeyedRecordCmdlet
{
    private const string Action = "Replace the whole record";
    private ObjectRecords? _rows;
    private ValueWriter? _values;

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
    public object? InputObject { get; set; }

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
                Take(input);
            }
        }
        else
        {
            Take(InputObject);
        }
    }

    private protected override Envelope MakeEnvelope() => new UpdateEnvelope();

    private ObjectRecords Rows => _rows ??= new ObjectRecords(new ColumnLayout { KeyProperty = KeyProperty! }, CommandName)
    {
        TimeToLive = TimeToLive,
        TimeToLiveProperty = TimeToLiveProperty,
        Confirm = key => Confirm(key, Action),
    };

    private ValueWriter Values => _values ??= new ValueWriter(Fields);

    private protected override void WriteInput(RecordWriter writer, long position, object? input)
    {
        if (ParameterSetName == PipelineSet && KeyProperty is not null)
        {
            Rows.Write(writer, position, input);
            return;
        }

        writer.Begin(position);
        string? reason;
        try
        {
            reason = ParameterSetName == KeySet ? Write(writer, PrimaryKey, TimeToLive, Data) : WriteApiShape(writer, input);
        }
        catch (UnsendableValueException exception)
        {
            reason = exception.Message;
        }

        if (reason is not null)
        {
            Reject(writer, ParameterSetName == KeySet ? Data : input, reason);
        }
    }

    private string? WriteApiShape(RecordWriter writer, object? input)
    {
        if (ValueTable.Simplify(input) is not { } item)
        {
            return "it is null; give an object or a dictionary";
        }

        if (!ObjectFields.Has(item))
        {
            return $"it is a {ValueTable.NameOf(item)}; give an object or a dictionary, or use -PrimaryKey and -Data";
        }

        if (FindKey(item, keyProperty: null, out var key) is { } missing)
        {
            return missing;
        }

        if (!Fields.TryGet(item, "data", out var data))
        {
            return "it has no field 'data'; for rows whose every column is data, name the key's column with -KeyProperty";
        }

        var timeToLive = TimeToLive;
        if (Fields.TryGet(item, "ttl", out var own) && ValueTable.ReadTimeToLive(own, ref timeToLive) is { } reason)
        {
            return reason;
        }

        return Write(writer, key, timeToLive, data);
    }

    private string? Write(RecordWriter writer, object? key, int? timeToLive, object? data)
    {
        if (ValueTable.SetKey(writer.Key, key) is { } reason)
        {
            return reason;
        }

        if (ValueTable.Simplify(data) is not { } record || !ObjectFields.Has(record))
        {
            return DescribeData(data);
        }

        if (!Confirm(writer.Key, Action))
        {
            writer.Discard();
            return null;
        }

        Values.Write(writer.OpenData(), record);
        writer.Commit(timeToLive);
        return null;
    }

    private static string DescribeData(object? data) =>
        ValueTable.Bare(ValueTable.Simplify(data)) is { } bare && ValueTable.Refuse(bare) is { } reason
            ? $"its data {reason}"
            : "its data is not an object or a dictionary";
}
