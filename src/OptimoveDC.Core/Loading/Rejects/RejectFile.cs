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
            else if (File.Exists(Path))
            {
                // A file of yesterday's would pass for today's.
                File.Delete(Path);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
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
            if (!_known.Add((source, rejection.Line)) && _continues)
            {
                return;
            }

            _file ??= Open();
            _file.Write(Encode(rejection, source));
            _file.Flush();
        }
    }

    private FileStream Open()
    {
        var file = PrivateFile.Open(Path, _continues ? FileMode.OpenOrCreate : FileMode.Create, FileShare.Read);
        file.Seek(0, SeekOrigin.End);
        return file;
    }

    private static byte[] Encode(Rejection rejection, string source)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            CopyFields(json, rejection);
            json.WriteStartObject(RejectField.Name);
            json.WriteString("reason", rejection.Reason);
            json.WriteString("source", source);
            json.WriteNumber("line", rejection.Line);
            if (rejection.StatusCode is { } status)
            {
                json.WriteNumber("status", status);
            }

            if (rejection.RequestId is { } id)
            {
                json.WriteString("request_id", id);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    // An object's own fields; a bare key, which is all that a delete has, under the name that the cmdlets look for.
    private static void CopyFields(Utf8JsonWriter json, Rejection rejection)
    {
        if (rejection.Record is null)
        {
            return;
        }

        using var document = JsonDocument.Parse(rejection.Record, new JsonDocumentOptions { MaxDepth = 1000 });
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            json.WritePropertyName("primary_key");
            json.WriteRawValue(rejection.Record, skipInputValidation: true);
            return;
        }

        foreach (var field in document.RootElement.EnumerateObject())
        {
            if (field.Name != RejectField.Name)
            {
                json.WritePropertyName(field.Name);
                json.WriteRawValue(field.Value.GetRawText(), skipInputValidation: true);
            }
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
