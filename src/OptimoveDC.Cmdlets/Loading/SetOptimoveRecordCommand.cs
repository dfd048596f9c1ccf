using System.Management.Automation;
using System.Text.Json;
using OptimoveDC.Cmdlets.Arguments;
using OptimoveDC.Cmdlets.Completion;
using OptimoveDC.Cmdlets.Records;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Records;

namespace OptimoveDC.Cmdlets.Loading;

/// <summary>Replaces records of a Data Connection by primary key.</summary>
[Cmdlet(VerbsCommon.Set, "OptimoveRecord", SupportsShouldProcess = true, DefaultParameterSetName = PipelineSet)]
[OutputType(typeof(LoadResult))]
public sealed class SetOptimoveRecordCommand : KeyedRecordCmdlet
{
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
            Take(PrimaryKey, writer => Write(writer, PrimaryKey, null, TimeToLive, json => Layout.WriteValue(json, Data)));
            return;
        }

        foreach (var input in Expand(InputObject))
        {
            Take(input, writer => WriteInput(writer, input));
        }
    }

    private protected override Envelope MakeEnvelope() => new UpdateEnvelope();

    private string? WriteInput(RecordWriter writer, object? input)
    {
        if (input is null)
        {
            return "it is null; give an object or a dictionary";
        }

        var record = PSObject.AsPSObject(input);
        if (!ObjectFields.Has(record))
        {
            return $"it is a {record.BaseObject.GetType().Name}; give an object or a dictionary, or use -PrimaryKey and -Data";
        }

        return KeyProperty is null ? WriteApiShape(writer, record) : WriteRow(writer, record);
    }

    private string? WriteRow(RecordWriter writer, PSObject row)
    {
        if (FindKey(row, out var keyName, out var key) is { } missing)
        {
            return missing;
        }

        var timeToLive = TimeToLive;
        string? leftOut = null;
        if (TimeToLiveProperty is not null)
        {
            if (!ObjectFields.TryGet(row, TimeToLiveProperty, out leftOut, out var own))
            {
                return $"it has no field '{TimeToLiveProperty}', which -TimeToLiveProperty names";
            }

            // A row without a time-to-live of its own takes the one of the call.
            if (!IsEmpty(own) && ReadTimeToLive(own, out timeToLive) is { } reason)
            {
                return reason;
            }
        }

        return Write(writer, key, keyName, timeToLive, json => Layout.WriteRecord(json, row, keyName, writer.Key, leftOut));
    }

    private string? WriteApiShape(RecordWriter writer, PSObject item)
    {
        if (FindKey(item, out _, out var key) is { } missing)
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

        return Write(writer, key, null, timeToLive, json => Layout.WriteValue(json, data), data);
    }

    private string? Write(RecordWriter writer, object? key, string? keyName, int? timeToLive, Action<Utf8JsonWriter> writeData, object? data = null)
    {
        if (Layout.SetKey(writer.Key, key, keyName) is { } reason)
        {
            return reason;
        }

        if (keyName is null && !ObjectFields.Has(PSObject.AsPSObject(data ?? Data ?? "")))
        {
            return "its data is not an object or a dictionary";
        }

        if (!Confirm(writer.Key, "Replace the whole record"))
        {
            writer.Discard();
            return null;
        }

        writeData(writer.OpenData());
        writer.Commit(timeToLive);
        return null;
    }

    private static bool IsEmpty(object? value) => value is null or "" || value is PSObject { BaseObject: "" };

    private static string? ReadTimeToLive(object? value, out int? seconds) =>
        Arguments.TimeToLive.TryRead(value, out seconds, out var reason) ? null : reason.TrimEnd('.');
}
