using OptimoveDC.Core.Http;

namespace OptimoveDC.Core.Observability;

/// <summary>Which of the four calls of the service a request is, in words that are the same for every Data Connection.</summary>
/// <param name="Operation">The operation, as tags name it.</param>
/// <param name="Template">The path, without the id of the connection.</param>
internal readonly record struct RequestKind(string Operation, string Template)
{
    internal static RequestKind Of(ApiRequest request) => request.RelativePath[(request.RelativePath.LastIndexOf('/') + 1)..] switch
    {
        "upload_data" => new("upload", "connections/{id}/upload_data"),
        "update_data" => new("update", "connections/{id}/update_data"),
        "delete_data" => new("delete", "connections/{id}/delete_data"),
        _ => new("create_connection", "connections"),
    };
}
