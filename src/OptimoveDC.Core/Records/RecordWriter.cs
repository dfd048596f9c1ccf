using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using OptimoveDC.Core.Loading;

namespace OptimoveDC.Core.Records;

/// <summary>
/// Writes records, one after the other, straight into the open chunk. For each: <see cref="Begin"/>, the key,
/// <see cref="WriteData"/> or <see cref="OpenData"/> and the data, then <see cref="Commit"/>; or <see cref="Reject"/>
/// or <see cref="Discard"/> at any point.
/// </summary>
public sealed class RecordWriter : IDisposable
{
    private readonly Envelope _envelope;
    private readonly ChunkAssembler _assembler;
    private readonly Utf8JsonWriter _json;
    private long _line;
    private int _elementStart;
    private bool _isOpen;
    private Action<string>? _firstRecord;

    internal RecordWriter(Envelope envelope, KeyType keyType, ChunkAssembler assembler, Action<string>? firstRecord = null)
    {
        _firstRecord = firstRecord;
        _envelope = envelope;
        _assembler = assembler;
        Key = new RecordKey(keyType);
        _json = new Utf8JsonWriter(assembler.Body, new JsonWriterOptions
        {
            // The body is application/json: nothing in it needs the escapes that HTML would.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            SkipValidation = true,
            MaxDepth = 1000,
        });
    }

    /// <summary>The key of the record being written.</summary>
    public RecordKey Key { get; }

    /// <summary>The line of the record being written.</summary>
    internal long Line => _line;

    /// <summary>The size of all records so far, those of other shards among them and the rejected ones not, in bytes.</summary>
    public long BytesCommitted { get; private set; }

    /// <summary>False when a record is its key alone, so that its other fields need not be read.</summary>
    public bool NeedsData => _envelope.CarriesData;

    /// <summary>Starts a record.</summary>
    /// <param name="line">Its line in the file, or its position on the pipeline; from 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Begin(long line)
    {
        _line = line;
        _isOpen = false;
        Key.Clear();
        _elementStart = _assembler.BeginElement();
    }

    /// <summary>Opens the record once its key is set; what is written then is one JSON value, the record's data.</summary>
    /// <returns>The writer for the data. It must not be kept beyond <see cref="Commit"/>.</returns>
    public Utf8JsonWriter OpenData()
    {
        _envelope.OpenElement(_assembler.Body, Key);
        _json.Reset(_assembler.Body);
        _isOpen = true;
        return _json;
    }

    /// <summary>Writes the whole data of the record, its key set, where it is JSON already.</summary>
    /// <param name="json">One valid JSON value; looked at only where a record is more than its key.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void WriteData(ReadOnlySpan<byte> json)
    {
        _envelope.OpenElement(_assembler.Body, Key);
        if (NeedsData)
        {
            _assembler.Body.Append(json);
        }
    }

    /// <summary>Ends the record: it will be sent.</summary>
    /// <param name="timeToLiveSeconds">Its own time-to-live, where the operation has one for each record.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Commit(int? timeToLiveSeconds = null)
    {
        if (_isOpen)
        {
            _json.Flush();
        }

        _envelope.CloseElement(_assembler.Body, timeToLiveSeconds);

        if (_firstRecord is not null)
        {
            _firstRecord(RecordShape.Describe(_assembler.Body.Slice(_elementStart, _assembler.Body.Length - _elementStart)));
            _firstRecord = null;
        }

        BytesCommitted += _assembler.Body.Length - _elementStart;
        _assembler.Commit(_elementStart, Key, _line);
    }

    /// <summary>Ends the record: it can't be sent.</summary>
    /// <param name="reason">Why, as the end of a sentence.</param>
    /// <param name="record">The record as JSON text, where it can be shown.</param>
    /// <param name="fault">What kind of reason that is, where it is not the key's.</param>
    /// <param name="isIncomplete">True when a value of it is not in that text, because it can't be written as JSON.</param>
    public void Reject(string reason, string? record = null, RecordFault fault = RecordFault.Value, bool isIncomplete = false)
    {
        _assembler.StepBack();
        _assembler.Reject(new Rejection
        {
            Line = _line,
            PrimaryKey = Key.Json.IsEmpty ? null : Encoding.UTF8.GetString(Key.Json),
            Record = record,
            IsIncomplete = isIncomplete,
            Reason = reason,
            Fault = Key.Fault ?? fault,
        });
    }

    /// <summary>Forgets the record, as if it had never been read: the user didn't want it sent.</summary>
    public void Discard() => _assembler.StepBack();

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();
}
