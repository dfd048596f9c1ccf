using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OptimoveDC.Core.Api;
using OptimoveDC.Core.Http;
using OptimoveDC.Core.Records;
using OptimoveDC.Core.Tests.Service;

namespace OptimoveDC.Core.Tests.Fuzzing;

/// <summary>Reads the body of one answer, and holds what was made of it against what the framework's own nodes hold.</summary>
internal sealed class ReplyTrial : IDisposable
{
    /// <summary>A key with every character that some writing of it changes. The corpus has bodies that quote it.</summary>
    internal const string Canary = "CANARY-4f+/9b<e>&\"0c\\=";

    private const int LongestMessage = 2001;
    private readonly ApiCredential _credential = new(EmulatedAccount.Secret(Canary), Guid.Parse("5c7b7b06-2f6c-4a5d-9d07-1a2b3c4d5e6f"));

    /// <summary>Reads a body.</summary>
    /// <returns>Whether it was a JSON object, and whether it names records.</returns>
    internal (bool IsJson, bool NamesRecords) Run(byte[] bytes)
    {
        var body = ReplyBody.Parse(bytes, _credential.Redact);
        var named = body.FindNamedRecords();
        Assert.True(body.Message is null || (body.Message.Length <= LongestMessage && !string.IsNullOrWhiteSpace(body.Message)), "The message is empty or too long.");
        foreach (var shown in new[] { body.Message, body.Status, body.RequestId })
        {
            Assert.DoesNotContain(Canary, shown ?? "", StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(JsonSerializer.Serialize(Canary)[1..^1], shown ?? "", StringComparison.OrdinalIgnoreCase);
        }

        if (Read(bytes) is not { } root)
        {
            return (false, !named.IsEmpty);
        }

        Compare(body, root);
        CheckNamed(named, root);
        return (true, !named.IsEmpty);
    }

    public void Dispose() => _credential.Dispose();

    // An object whose names differ, at any depth, and whose texts are text: only of such is there one reading.
    private static JsonObject? Read(byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return PlainJson.Of(document.RootElement).Length > 0 && !PlainJson.HasNameTwice(document.RootElement) ? JsonNode.Parse(bytes) as JsonObject : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static void Compare(ReplyBody body, JsonObject root)
    {
        Assert.Equal(TextOf(root["status"]), body.Status);
        var id = TextOf(root["data_connection_uuid"]);
        Assert.Equal(Guid.TryParse(id, out var guid) ? guid : null, body.DataConnectionId);
        var counts = root.Where(pair => pair.Key.EndsWith("_records", StringComparison.Ordinal) && pair.Value is JsonValue value && value.TryGetValue<long>(out _)).ToList();
        Assert.Equal(counts.Count == 0 ? null : counts[0].Value!.GetValue<long>(), body.RecordCount);
        Assert.Equal(body.Status is { } status && (status.Equals("error", StringComparison.OrdinalIgnoreCase) || status.StartsWith("fail", StringComparison.OrdinalIgnoreCase)), body.SaysFailure);
    }

    private static void CheckNamed(NamedRecords named, JsonObject root)
    {
        var (values, indexes) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<int>());
        Collect(root, values, indexes, isMessage: false);
        for (var index = 0; index < 20; index++)
        {
            Assert.True(indexes.Contains(index) || !named.Contains(index, "\"no key of any body\""u8), $"The index {index} is not named.");
        }

        // Every word of the body that is no value of it by itself, and no last part of a path.
        foreach (var word in root.ToJsonString().Split(' ', '"', '\\', ',', ':').Where(word => word.Length > 1 && !values.Contains(word)).Distinct(StringComparer.Ordinal))
        {
            Assert.False(named.Contains(-1, Encoding.UTF8.GetBytes($"\"{word}\"")), $"The word {word} is no key.");
        }
    }

    private static void Collect(JsonNode? node, HashSet<string> values, HashSet<int> indexes, bool isMessage)
    {
        switch (node)
        {
            case JsonObject fields:
                foreach (var (name, value) in fields)
                {
                    if (name == "loc" && value is JsonArray parts)
                    {
                        indexes.UnionWith(parts.OfType<JsonValue>().Where(part => part.TryGetValue<int>(out _)).Take(1).Select(part => part.GetValue<int>()));
                    }

                    var isText = name.ToUpperInvariant() is "MESSAGE" or "MSG" or "ERROR" or "TITLE" or "DESCRIPTION" or "REASON" or "TYPE" or "CODE" or "STATUS";
                    Collect(value, values, indexes, isText);
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    Collect(item, values, indexes, isMessage);
                }

                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String && !isMessage:
                var text = value.GetValue<string>();
                values.Add(text);
                values.Add(text[(text.LastIndexOfAny(['.', '/', '[']) + 1)..].TrimEnd(']').Trim('"', '\''));
                break;
            case JsonValue value:
                values.Add(value.ToJsonString());
                break;
        }
    }

    private static string? TextOf(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;
}
