namespace OptimoveDC.Core.Observability;

/// <summary>The names of tags. Those without our prefix are of the semantic conventions of OpenTelemetry.</summary>
internal static class Tags
{
    internal const string Method = "http.request.method";
    internal const string ResendCount = "http.request.resend_count";
    internal const string StatusCode = "http.response.status_code";
    internal const string ServerAddress = "server.address";
    internal const string ServerPort = "server.port";
    internal const string ErrorType = "error.type";
    internal const string UrlFull = "url.full";
    internal const string UrlTemplate = "url.template";
    internal const string Operation = "optimove.operation";
    internal const string Outcome = "optimove.record.outcome";
    internal const string RequestId = "optimove.request.id";
    internal const string DataConnection = "optimove.data_connection.id";
    internal const string Batch = "optimove.batch.id";
    internal const string BatchCompleted = "optimove.batch.completed";
    internal const string ShardIndex = "optimove.shard.index";
    internal const string ShardCount = "optimove.shard.count";
    internal const string RecordsPrefix = "optimove.records.";
}
