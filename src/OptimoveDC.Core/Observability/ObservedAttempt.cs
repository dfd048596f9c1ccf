using System.Diagnostics;
using OptimoveDC.Core.Http;

namespace OptimoveDC.Core.Observability;

/// <summary>One attempt of a request while somebody listens: a span, and what the meter counts of it when it has ended.</summary>
internal sealed class ObservedAttempt : IDisposable
{
    private readonly ServerInstruments _server;
    private readonly ApiRequest _request;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly Activity? _activity;
    private Attempt? _attempt;

    internal ObservedAttempt(ServerInstruments server, Uri uri, ApiRequest request, int resendCount, TimeProvider time)
    {
        _server = server;
        _request = request;
        _time = time;
        _started = time.GetTimestamp();
        var template = RequestKind.Of(request).Template;
        _activity = Instruments.Start($"{request.Method.Method} {template}", ActivityKind.Client);
        if (_activity is null)
        {
            return;
        }

        foreach (var (name, value) in server.TagsOf(request))
        {
            _activity.SetTag(name, value);
        }

        _activity.SetTag(Tags.UrlTemplate, template);
        _activity.SetTag(Tags.UrlFull, uri.GetComponents(UriComponents.AbsoluteUri & ~UriComponents.UserInfo, UriFormat.UriEscaped));
        if (resendCount > 0)
        {
            _activity.SetTag(Tags.ResendCount, resendCount);
        }
    }

    /// <summary>Notes how it ended; an attempt of which nothing is noted was cancelled.</summary>
    internal void End(Attempt attempt) => _attempt = attempt;

    public void Dispose() => Instruments.Tell(this, static self => self.Report());

    private void Report()
    {
        var tags = _server.TagsOf(_request);
        var error = ServerInstruments.ErrorOf(_attempt);
        if (_attempt?.Reply is { } reply)
        {
            tags.Add(Tags.StatusCode, reply.StatusCode);
            _activity?.SetTag(Tags.StatusCode, reply.StatusCode);
            _activity?.SetTag(Tags.RequestId, reply.RequestId);
        }

        if (error is not null)
        {
            tags.Add(Tags.ErrorType, error);
            _activity?.SetTag(Tags.ErrorType, error);
            _activity?.SetStatus(ActivityStatusCode.Error);
        }

        _activity?.Dispose();
        Instruments.RequestDuration.Record(_time.GetElapsedTime(_started).TotalSeconds, tags);
        Instruments.Requests.Add(1, tags);
    }
}
