using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using OptimoveDC.Core.IO;
using OptimoveDC.Core.Records;

namespace OptimoveDC.Core.Loading.Rejects;

/// <summary>
/// The rejected records of a load, one JSON object a line (NDJSON): each record as it was sent or would have been, and
/// why it was refused in a field of its own, which an import leaves out. A line is with the operating system before
/// the record counts as rejected.
/// </summary>
public sealed class RejectFile : IDisposable
{
    private static readonly byte[] NameBytes = Encoding.UTF8.GetBytes(RejectField.Name);
    private readonly object _gate = new();
    private readonly HashSet<(string Source, long Line)> _known = [];
    private readonly bool _continues;
    private FileStream? _file;

    /// <summary>Names the file; it is made with the first reject.</summary>
    /// <param name="path">The file.</param>
    /// <param name="continues">True to add to what an earlier run wrote; else that is replaced.</param>
    /// <exception cref="SourceException">The file of an earlier run can't be read or replaced.</exception>
    public RejectFile(string path, bool continues)
    {
        Path = System.IO.Path.GetFullPath(path);
        _continues = continues;
        try
        {
            if (continues)
            {
                ReadKnown();
            }
            else if (IsWritten(new FileInfo(Path)))
            {
                // A file of yesterday's would pass for today's.
                File.Delete(Path);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new SourceException(Path, null, $"the reject file can't be used: {exception.Message.TrimEnd('.')}", exception);
        }
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _file?.Dispose();
            _file = null;
        }
    }

    /// <summary>Adds a reject; one that an earlier run wrote already is not written again.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    internal void Add(Rejection rejection, string source)
    {
        lock (_gate)
        {
            if (_continues && _known.Contains((source, rejection.Line)))
            {
                return;
            }

            _file ??= Open();
            Append(_file, Encode(rejection, source));
            if (_continues)
            {
                _known.Add((source, rejection.Line));
            }
        }
    }

    // A full disk may take half a line, to which the next would be added.
    private static void Append(FileStream file, byte[] line)
    {
        var before = file.CanSeek ? file.Position : 0;
        try
        {
            PrivateFile.Write(file, line);
        }
        catch (IOException)
        {
            TakeBack(file, before);
            throw;
        }
    }

    private static void TakeBack(FileStream file, long length)
    {
        try
        {
            file.SetLength(length);
        }
        catch (Exception exception) when (exception is IOException or NotSupportedException)
        {
            // A device has no length; what is wrong with it has been said.
        }
    }

    // What has no length may be a device, behind a link or not, and is never taken away.
    private static bool IsWritten(FileInfo file) =>
        file.Exists && ((file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo) ?? file) is { Exists: true, Length: > 0 };

    private FileStream Open()
    {
        var file = PrivateFile.Open(Path, _continues ? FileMode.OpenOrCreate : FileMode.Create, FileShare.Read);
        if (file.CanSeek)
        {
            file.Seek(0, SeekOrigin.End);
        }

        return file;
    }

    private static byte[] Encode(Rejection rejection, string source)
    {
        using var buffer = new MemoryStream();
        buffer.WriteByte((byte)'{');
        CopyFields(buffer, rejection);
        buffer.Write(JsonSerializer.SerializeToUtf8Bytes(RejectField.Name));
        buffer.WriteByte((byte)':');
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("reason", rejection.Reason);
            json.WriteString("source", source);
            json.WriteNumber("line", rejection.Line);
            if (rejection.IsIncomplete)
            {
                json.WriteBoolean(RejectField.Incomplete, true);
            }

            if (rejection.StatusCode is { } status)
            {
                json.WriteNumber("status", status);
            }

            if (rejection.RequestId is { } id)
            {
                json.WriteString("request_id", id);
            }

            json.WriteEndObject();
        }

        buffer.Write("}\n"u8);
        return buffer.ToArray();
    }

    // An object's own fields, byte for byte, for a name may have half a character; a bare key, which is all that a delete
    // has, under the name that the cmdlets look for.
    private static void CopyFields(MemoryStream buffer, Rejection rejection)
    {
        if (rejection.Record is null)
        {
            return;
        }

        using var document = JsonDocument.Parse(rejection.Record, new JsonDocumentOptions { MaxDepth = 1000 });
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            Append("primary_key"u8, document.RootElement);
            return;
        }

        foreach (var field in document.RootElement.EnumerateObject())
        {
            var name = JsonMarshal.GetRawUtf8PropertyName(field);
            if (!name.SequenceEqual(NameBytes))
            {
                Append(name, field.Value);
            }
        }

        void Append(ReadOnlySpan<byte> name, JsonElement value)
        {
            buffer.WriteByte((byte)'"');
            buffer.Write(name);
            buffer.Write("\":"u8);
            buffer.Write(JsonMarshal.GetRawUtf8Value(value));
            buffer.WriteByte((byte)',');
        }
    }

    private void ReadKnown()
    {
        if (!File.Exists(Path))
        {
            return;
        }

        long valid = 0;
        foreach (var line in File.ReadAllText(Path, Encoding.UTF8).Split('\n')[..^1])
        {
            valid += Encoding.UTF8.GetByteCount(line) + 1;
            using var document = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 1000 });
            if (document.RootElement.TryGetProperty(RejectField.Name, out var reject))
            {
                _known.Add((reject.GetProperty("source").GetString()!, reject.GetProperty("line").GetInt64()));
            }
        }

        CutTo(valid);
    }

    // A process that was killed may have left half a line.
    private void CutTo(long length)
    {
        using var file = PrivateFile.Open(Path, FileMode.Open, FileShare.Read);
        if (file.Length > length)
        {
            file.SetLength(length);
        }
    }
}
