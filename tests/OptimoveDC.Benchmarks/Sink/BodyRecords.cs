using System.Text.Json;
using OptimoveDC.Benchmarks.Data;

namespace OptimoveDC.Benchmarks.Sink;

/// <summary>Parses a body and hashes its records, whatever escapes and numbers of spaces it is written with.</summary>
internal sealed class BodyRecords
{
    private readonly RecordDigest _digest = new();
    private readonly byte[] _value = new byte[1 << 16];

    private BodyRecords()
    {
    }

    internal long Count { get; private set; }

    internal ulong KeySum => _digest.KeySum;

    internal ulong RecordSum => _digest.RecordSum;

    /// <summary>Reads a body whole.</summary>
    /// <exception cref="JsonException">It is no JSON, or not of the shape that the endpoint takes.</exception>
    internal static BodyRecords Read(string endpoint, ReadOnlySpan<byte> body)
    {
        var records = new BodyRecords();
        var reader = new Utf8JsonReader(body);
        switch (endpoint)
        {
            case "upload_data":
                SkipTo(ref reader, "data"u8);
                records.ReadList(ref reader, keyIsField: true);
                break;
            case "update_data":
                Expect(ref reader, JsonTokenType.StartArray);
                records.ReadUpdates(ref reader);
                break;
            default:
                SkipTo(ref reader, "primary_keys"u8);
                records.ReadKeys(ref reader);
                break;
        }

        while (reader.Read())
        {
            reader.Skip();
        }

        return records;
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type)
    {
        if (!reader.Read() || reader.TokenType != type)
        {
            throw new JsonException($"{type} was expected, at byte {reader.TokenStartIndex}.");
        }
    }

    // The list of records may stand before or after the other fields of its envelope.
    private static void SkipTo(ref Utf8JsonReader reader, ReadOnlySpan<byte> list)
    {
        Expect(ref reader, JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals(list))
            {
                Expect(ref reader, JsonTokenType.StartArray);
                return;
            }

            reader.Read();
            reader.Skip();
        }

        throw new JsonException("There is no list of records.");
    }

    private void ReadList(ref Utf8JsonReader reader, bool keyIsField)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            ReadRecord(ref reader, keyIsField);
        }
    }

    private void ReadUpdates(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isKey = reader.ValueTextEquals("primary_key"u8);
                var isData = reader.ValueTextEquals("data"u8);
                reader.Read();
                if (isKey)
                {
                    _digest.AddKey(ValueOf(ref reader));
                }
                else if (isData)
                {
                    ReadRecord(ref reader, keyIsField: false);
                }
            }
        }
    }

    private void ReadKeys(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.String)
        {
            _digest.AddKey(ValueOf(ref reader));
            Count++;
        }
    }

    private void ReadRecord(ref Utf8JsonReader reader, bool keyIsField)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            var isKey = keyIsField && reader.ValueTextEquals(CustomerGenerator.KeyColumn);
            reader.Read();
            var value = ValueOf(ref reader);
            if (isKey)
            {
                _digest.AddKey(value);
            }

            _digest.AddField(name, value);
        }

        _digest.EndRecord();
        Count++;
    }

    // Every value of the generator is text, and has to arrive as text.
    private ReadOnlySpan<byte> ValueOf(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.String
        ? _value.AsSpan(0, reader.CopyString(_value))
        : throw new JsonException($"A value is a {reader.TokenType}, at byte {reader.TokenStartIndex}.");
}
