using System.Net;

namespace OptimoveDC.Emulator;

/// <summary>Which endpoint a path and method lead to.</summary>
/// <param name="ConnectionId">The connection in the path; null for the creation of one.</param>
/// <param name="Operation">The write; null for the creation of a connection.</param>
internal readonly record struct Route(Guid? ConnectionId, RecordOperation? Operation)
{
    /// <summary>The path every endpoint is below.</summary>
    public const string Root = "/api/data-connections/v1";

    private const string Connections = Root + "/connections";

    /// <summary>Finds the endpoint.</summary>
    /// <exception cref="Refusal">404 for a path that is none, 405 for the wrong method.</exception>
    public static Route Find(string method, string path)
    {
        if (path == Connections)
        {
            Require(method, "POST");
            return new(null, null);
        }

        if (path.StartsWith(Connections + "/", StringComparison.Ordinal))
        {
            var parts = path[(Connections.Length + 1)..].Split('/');
            RecordOperation? operation = parts.Length != 2 ? null : parts[1] switch
            {
                "upload_data" => RecordOperation.Upload,
                "update_data" => RecordOperation.Update,
                "delete_data" => RecordOperation.Delete,
                _ => null,
            };

            if (operation is not null && Guid.TryParseExact(parts[0], "D", out var id))
            {
                Require(method, operation == RecordOperation.Update ? "PUT" : "POST");
                return new(id, operation);
            }
        }

        throw Refusal.Of(HttpStatusCode.NotFound, "There is no such path.");
    }

    private static void Require(string method, string allowed)
    {
        if (method != allowed)
        {
            throw new Refusal((int)HttpStatusCode.MethodNotAllowed, $"The method must be {allowed}.") { Headers = [new("Allow", allowed)] };
        }
    }
}
