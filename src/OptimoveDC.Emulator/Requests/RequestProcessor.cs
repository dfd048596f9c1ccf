using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace OptimoveDC.Emulator;

/// <summary>
/// Takes a request through the checks, in the order of a gateway in front of a service: path, keys, limit, connection,
/// media type, size, content.
/// </summary>
internal sealed class RequestProcessor(EmulatedService service, EmulatorOptions options)
{
    private readonly KeyLimits _limits = new(options);
    private readonly ContentChanges _changes = new(service, options);

    /// <summary>Processes a request whose body has been read. Never throws for what a client may send.</summary>
    public Answer Process(LoggedRequest request, ReceivedBody body)
    {
        var headers = new List<KeyValuePair<string, string>>();
        try
        {
            return Checked(request, body, headers) with { Headers = headers };
        }
        catch (Refusal refusal)
        {
            headers.AddRange(refusal.Headers);
            return Error(request, refusal.Status, refusal.Message, refusal.Items) with { Headers = headers };
        }
    }

    /// <summary>An error in the shape of the options.</summary>
    public Answer Error(LoggedRequest request, int status, string message, IReadOnlyList<ItemFault>? items = null) =>
        ErrorBody.Write(
            status == Refusal.BadContent ? options.BadRequestStatus : status,
            message,
            items ?? [],
            request.RequestId,
            options.ErrorBodyShape,
            options.NameBadKeysStructurally);

    private Answer Checked(LoggedRequest request, ReceivedBody body, List<KeyValuePair<string, string>> headers)
    {
        var query = request.Path.IndexOf('?', StringComparison.Ordinal);
        var route = Route.Find(request.Method, query < 0 ? request.Path : request.Path[..query]);
        var brand = Authenticate(request);
        if (_limits.Take(brand.ApiKey) is { } decision)
        {
            headers.AddRange(_limits.Headers(decision));
            if (!decision.Accepted)
            {
                throw Refusal.Of(HttpStatusCode.TooManyRequests, "Rate limit exceeded. Slow down your requests.");
            }
        }

        var connection = route.ConnectionId is { } id ? Connection(id, brand) : null;
        RequireMediaType(request);
        if (body.Bytes is not { } bytes)
        {
            throw Refusal.Of(HttpStatusCode.RequestEntityTooLarge, $"The body exceeds {options.MaxRequestBytes} bytes.");
        }

        return connection is null ? Create(brand, bytes) : Write(connection, route.Operation!.Value, bytes, request.Sequence);
    }

    private EmulatedBrand Authenticate(LoggedRequest request)
    {
        var owner = request.Headers.TryGetValue("x-api-key", out var apiKey) ? service.BrandOfApiKey(apiKey) : null;
        var brand = request.Headers.TryGetValue("x-brand-key", out var text) && Guid.TryParseExact(text, "D", out var brandKey)
            ? service.BrandOfKey(brandKey)
            : null;
        if (owner is null || brand is null)
        {
            throw Refusal.Of(HttpStatusCode.Unauthorized, "The x-api-key or the x-brand-key is missing, wrong or expired.");
        }

        return owner == brand ? brand : throw Refusal.Of(HttpStatusCode.Forbidden, "The x-api-key is not valid for this brand.");
    }

    private EmulatedConnection Connection(Guid id, EmulatedBrand brand)
    {
        var connection = service.FindConnection(id) ?? throw Refusal.Of(HttpStatusCode.NotFound, $"There is no data connection {id}.");
        return connection.Brand == brand ? connection : throw Refusal.Of(HttpStatusCode.Forbidden, "The data connection belongs to another brand.");
    }

    private static void RequireMediaType(LoggedRequest request)
    {
        if (request.Headers.ContainsKey("Content-Encoding"))
        {
            throw Refusal.Of(HttpStatusCode.UnsupportedMediaType, "No Content-Encoding is accepted.");
        }

        if (!request.Headers.TryGetValue("Content-Type", out var text)
            || !MediaTypeHeaderValue.TryParse(text, out var type)
            || !string.Equals(type.MediaType, Answer.Json, StringComparison.OrdinalIgnoreCase)
            || (type.CharSet is { } charset && !string.Equals(charset.Trim('"'), "utf-8", StringComparison.OrdinalIgnoreCase)))
        {
            throw Refusal.Of(HttpStatusCode.UnsupportedMediaType, "The Content-Type must be application/json, in UTF-8.");
        }
    }

    private Answer Create(EmulatedBrand brand, byte[] bytes)
    {
        using var document = JsonContent.Parse(bytes);
        var root = document.RootElement;
        JsonContent.RequireObject(root);
        var name = JsonContent.RequireText(root, "name");
        var primaryKey = JsonContent.RequireText(root, "primary_key");
        string? description = null;
        if (root.TryGetProperty("description", out var given) && given.ValueKind != JsonValueKind.Null)
        {
            description = given.ValueKind == JsonValueKind.String && JsonContent.Problem(given) is null
                ? given.GetString()
                : throw Refusal.Content("description must be a string.");
        }

        var connection = service.AddConnection(brand, name, primaryKey, description);
        return Answer.Ok($$"""{"data_connection_uuid":"{{connection.Id}}"}""");
    }

    private Answer Write(EmulatedConnection connection, RecordOperation operation, byte[] bytes, long sequence)
    {
        if (connection.IsApiFed)
        {
            throw Refusal.Content("The data connection is fed by a 3rd party API; it takes no uploads, updates or deletes.");
        }

        var request = WriteRequest.Read(operation, bytes, connection, options);
        switch (operation)
        {
            case RecordOperation.Upload:
                var (count, batchId) = _changes.Upload(connection, request, bytes, sequence);
                return options.UploadResponseShape switch
                {
                    UploadResponseShape.Empty => Answer.Nothing(204),
                    UploadResponseShape.StatusOnly => Answer.Ok("""{"status":"success"}"""),
                    _ => Answer.Ok($$"""{"status":"success","uploaded_records":{{count}},"batch_uuid":"{{batchId}}"}"""),
                };
            case RecordOperation.Update:
                return Answer.Ok($$"""{"status":"success","updated_records":{{_changes.Update(connection, request, sequence)}}}""");
            default:
                return Answer.Ok($$"""{"status":"success","deleted_records":{{_changes.Delete(connection, request, sequence)}}}""");
        }
    }
}
