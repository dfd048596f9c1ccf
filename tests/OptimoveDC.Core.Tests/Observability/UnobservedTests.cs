using System.Diagnostics;
using System.Diagnostics.Metrics;
using OptimoveDC.Core.Http;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Observability;
using OptimoveDC.Core.Tests.Loading.Properties;

namespace OptimoveDC.Core.Tests.Observability;

/// <summary>What nobody listens to costs nothing.</summary>
[Collection(nameof(RunsAlone))]
public sealed class UnobservedTests
{
    [Fact]
    public void Nothing_is_put_together_while_nobody_listens()
    {
        var server = new ServerInstruments(ServiceAddress.Production);
        var request = new ApiRequest(HttpMethod.Post, "connections/x/upload_data", new JsonBody(new byte[1]), IsRepeatable: true);
        Assert.Null(Watch());
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var time = 0; time < 1000; time++)
        {
            Watch();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        object? Watch()
        {
            server.CountRetry(request, failed: null);
            server.RecordWait(request, TimeSpan.FromSeconds(1));
            ObservedLoad.CountRecords(LoadOperation.Upload, RecordOutcome.Sent, 5000);
            Instruments.ActiveChunks.Enter(LoadOperation.Upload);
            Instruments.ActiveChunks.Leave(LoadOperation.Upload);
            return (object?)server.Begin(request, 0, TimeProvider.System) ?? Instruments.Start("upload", ActivityKind.Internal);
        }
    }

    [Fact]
    public void While_somebody_listens_it_is()
    {
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "optimove.client.requests")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        // Without it, .NET 8 takes a listener that is gone for one that still listens.
        listener.MeasurementsCompleted = (_, _) => { };
        listener.Start();
        using var observed = new ServerInstruments(ServiceAddress.Production).Begin(
            new ApiRequest(HttpMethod.Post, "connections", new JsonBody(new byte[1]), IsRepeatable: false), 0, TimeProvider.System);

        Assert.NotNull(observed);
    }
}
