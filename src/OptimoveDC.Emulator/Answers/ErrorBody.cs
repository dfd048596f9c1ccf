using System.Net;
using System.Text;
using System.Text.Json;

namespace OptimoveDC.Emulator;

/// <summary>Writes errors in each of the shapes.</summary>
internal static class ErrorBody
{
    public static Answer Write(int status, string message, IReadOnlyList<ItemFault> items, string requestId, ErrorBodyShape shape, bool nameKeys)
    {
        var reason = Reason(status);
        return shape switch
        {
            ErrorBodyShape.NestedError => Json(status, json => Nested(json, status, message, requestId, () => json.WriteStringValue(items.Count > 0 ? items[0].Type : reason))),
            ErrorBodyShape.NestedErrorWithDetailsObject => Json(status, json => Nested(json, status, message, requestId, () => Details(json, items, nameKeys))),
            ErrorBodyShape.FastApiDetail => Json(status, json => FastApi(json, message, items, nameKeys)),
            ErrorBodyShape.PlainText => Text(status, "text/plain; charset=utf-8", $"{status} {reason}: {message}"),
            ErrorBodyShape.Html => Text(status, "text/html; charset=utf-8", $"<html><head><title>{status} {reason}</title></head><body><h1>{status} {reason}</h1><p>{WebUtility.HtmlEncode(message)}</p></body></html>"),
            ErrorBodyShape.Empty => Answer.Nothing(status),
            _ => Json(status, json => Plain(json, status, reason, message, items, nameKeys)),
        };
    }

    /// <summary>The phrase that goes with a status.</summary>
    public static string Reason(int status) => status switch
    {
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        413 => "Payload Too Large",
        415 => "Unsupported Media Type",
        422 => "Unprocessable Entity",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => $"Status {status}",
    };

    private static void Plain(Utf8JsonWriter json, int status, string reason, string message, IReadOnlyList<ItemFault> items, bool nameKeys)
    {
        json.WriteStartObject();
        json.WriteNumber("status", status);
        json.WriteString("error", reason);
        json.WriteString("message", message);
        if (nameKeys && items.Count > 0)
        {
            Keys(json, "invalid_keys", items);
        }

        json.WriteEndObject();
    }

    private static void Nested(Utf8JsonWriter json, int status, string message, string requestId, Action details)
    {
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteString("code", Reason(status).ToUpperInvariant().Replace(' ', '_'));
        json.WriteString("message", message);
        json.WritePropertyName("details");
        details();
        json.WriteString("requestId", requestId);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Details(Utf8JsonWriter json, IReadOnlyList<ItemFault> items, bool nameKeys)
    {
        json.WriteStartObject();
        if (nameKeys && items.Count > 0)
        {
            Keys(json, "primary_keys", items);
        }
        else if (items.Count > 0)
        {
            json.WriteString("reason", items[0].Type);
        }

        json.WriteEndObject();
    }

    private static void FastApi(Utf8JsonWriter json, string message, IReadOnlyList<ItemFault> items, bool nameKeys)
    {
        json.WriteStartObject();
        if (items.Count == 0)
        {
            json.WriteString("detail", message);
            json.WriteEndObject();
            return;
        }

        json.WriteStartArray("detail");
        foreach (var item in nameKeys ? items : items.Take(1))
        {
            json.WriteStartObject();
            json.WriteStartArray("loc");
            foreach (var part in nameKeys ? item.Location : item.Location.TakeWhile(part => part is string))
            {
                if (part is int index)
                {
                    json.WriteNumberValue(index);
                }
                else
                {
                    json.WriteStringValue((string)part);
                }
            }

            json.WriteEndArray();
            json.WriteString("msg", nameKeys ? item.Message : message);
            json.WriteString("type", item.Type);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Keys(Utf8JsonWriter json, string name, IReadOnlyList<ItemFault> items)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            if (item.KeyJson is { } key)
            {
                json.WriteRawValue(key);
            }
        }

        json.WriteEndArray();
    }

    private static Answer Json(int status, Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            write(json);
        }

        return new(status, Answer.Json, stream.ToArray());
    }

    private static Answer Text(int status, string contentType, string text) => new(status, contentType, Encoding.UTF8.GetBytes(text));
}
