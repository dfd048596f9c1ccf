using System.Text.Json;
using OptimoveDC.Core.Tests.Faults;

namespace OptimoveDC.Core.Tests.Reliability.Matrix;

/// <summary>A request as the server received it.</summary>
internal sealed class ReceivedRequest(int number, MessageHead head)
{
    private volatile byte[]? _body;
    private int _status;

    /// <summary>From 1, in the order in which heads came in.</summary>
    internal int Number { get; } = number;

    internal MessageHead Head { get; } = head;

    internal string Method { get; } = head.StartLine.Split(' ')[0];

    internal string Path { get; } = head.StartLine.Split(' ')[1];

    /// <summary>Its body; null while it is not whole.</summary>
    internal byte[]? Body
    {
        get => _body;
        set => _body = value;
    }

    /// <summary>The status that was sent, whatever followed; null when none was.</summary>
    internal int? Answered
    {
        get => Volatile.Read(ref _status) is var status and > 0 ? status : null;
        set => Volatile.Write(ref _status, value ?? 0);
    }

    /// <summary>The keys of the records in a body that is whole, in its order, as JSON.</summary>
    internal IReadOnlyList<string> Keys
    {
        get
        {
            if (Body is not { } body)
            {
                return [];
            }

            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            return Path[(Path.LastIndexOf('/') + 1)..] switch
            {
                "upload_data" => [.. root.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("user_id").GetRawText())],
                "update_data" => [.. root.EnumerateArray().Select(item => item.GetProperty("primary_key").GetRawText())],
                "delete_data" => [.. root.GetProperty("primary_keys").EnumerateArray().Select(item => item.GetRawText())],
                _ => [],
            };
        }
    }
}
