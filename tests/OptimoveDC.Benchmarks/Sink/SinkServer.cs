using System.Buffers;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OptimoveDC.Benchmarks.Sink;

/// <summary>
/// The service's place in a benchmark, in a process of its own: reads and drops bodies, counts, and answers success.
/// </summary>
/// <remarks>
/// A timed run costs one look at each byte, which counts requests, bytes and records. That every record came once,
/// with every value, is checked in a run of its own (<see cref="SinkSettings.Verify"/>), and every timed run then has
/// to send as many requests, bytes and records as the one that was verified.
/// </remarks>
internal static class SinkServer
{
    private static volatile SinkCounts _counts = new(new SinkSettings());

    /// <summary>Serves until its standard input ends. The first line it writes is its address.</summary>
    internal static async Task<int> RunAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        var app = builder.Build();
        await using (app.ConfigureAwait(false))
        {
            app.Run(ServeAsync);
            await app.StartAsync().ConfigureAwait(false);
            Console.Out.WriteLine(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
            while (await Console.In.ReadLineAsync().ConfigureAwait(false) is not null)
            {
                // Whoever started the sink says nothing; its end is the sink's end.
            }
        }

        return 0;
    }

    private static async Task ServeAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        switch (path)
        {
            case "/control/settings":
                _counts = new SinkCounts((await context.Request.ReadFromJsonAsync<SinkSettings>().ConfigureAwait(false))!);
                return;
            case "/control/tally":
                await context.Response.WriteAsJsonAsync(_counts.Tally()).ConfigureAwait(false);
                return;
            default:
                await LoadAsync(context, BodyFormat.Find(path), _counts).ConfigureAwait(false);
                return;
        }
    }

    private static async Task LoadAsync(HttpContext context, BodyFormat? format, SinkCounts counts)
    {
        if (format is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var settings = counts.Settings;
        using var copy = settings.Verify ? new MemoryStream() : null;
        var (bytes, marks) = await DrainAsync(context.Request, format.Mark, copy).ConfigureAwait(false);
        if (counts.WindowOf(context.Request.Headers["x-api-key"].ToString()).Refuse(settings) is { } wait)
        {
            await RefuseAsync(context.Response, wait).ConfigureAwait(false);
            return;
        }

        var records = format.Records(marks);
        var number = counts.Count(records, bytes);
        if (copy is not null)
        {
            counts.Verify(BodyRecords.Read(format.Endpoint, copy.GetBuffer().AsSpan(0, (int)copy.Length)));
            if (settings.KeepFolder is { } folder)
            {
                await File.WriteAllBytesAsync(Path.Combine(folder, $"{number:D6}.json"), copy.ToArray()).ConfigureAwait(false);
            }
        }

        if (settings.LatencyMilliseconds > 0)
        {
            await Task.Delay(settings.LatencyMilliseconds, context.RequestAborted).ConfigureAwait(false);
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(format.Success(records)).ConfigureAwait(false);
    }

    private static async ValueTask<(long Bytes, long Marks)> DrainAsync(HttpRequest request, byte mark, MemoryStream? copy)
    {
        long bytes = 0;
        long marks = 0;
        while (true)
        {
            var read = await request.BodyReader.ReadAsync().ConfigureAwait(false);
            foreach (var segment in read.Buffer)
            {
                bytes += segment.Length;
                marks += segment.Span.Count(mark);
                copy?.Write(segment.Span);
            }

            request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return (bytes, marks);
            }
        }
    }

    private static async Task RefuseAsync(HttpResponse response, TimeSpan wait)
    {
        response.StatusCode = StatusCodes.Status429TooManyRequests;
        response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        response.ContentType = "application/json";
        await response.WriteAsync("""{"status":429,"error":"Too Many Requests","message":"Rate limit exceeded"}""").ConfigureAwait(false);
    }
}
