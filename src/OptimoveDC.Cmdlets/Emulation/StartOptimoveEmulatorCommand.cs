using System.Management.Automation;
using System.Security;
using OptimoveDC.Cmdlets.Arguments;
using OptimoveDC.Emulator;

namespace OptimoveDC.Cmdlets.Emulation;

/// <summary>Starts the service's emulator on loopback, with keys of its own made at this start.</summary>
[Cmdlet(VerbsLifecycle.Start, "OptimoveEmulator", SupportsShouldProcess = true)]
[OutputType(typeof(EmulatorInstance))]
public sealed class StartOptimoveEmulatorCommand : PSCmdlet
{
    /// <summary>How many requests the emulator accepts in each -RateLimitWindow; more are answered 429. Unlimited when left out.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int RateLimit { get; set; }

    /// <summary>The window of -RateLimit.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan RateLimitWindow { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How -RateLimit counts.</summary>
    [Parameter]
    public RateLimitKind RateLimitKind { get; set; }

    /// <summary>The shape of error bodies; the real service's is not documented.</summary>
    [Parameter]
    public ErrorBodyShape ErrorBodyShape { get; set; }

    /// <summary>Whether a refused request is refused whole, or only its bad records.</summary>
    [Parameter]
    public BadRequestScope BadRequestScope { get; set; }

    /// <summary>What deleting a key that is not there is answered.</summary>
    [Parameter]
    public AbsentDelete AbsentDelete { get; set; }

    /// <summary>What becomes of a connection's content when a batch is completed.</summary>
    [Parameter]
    public BatchCompletion BatchCompletion { get; set; }

    /// <summary>How long every answer takes.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan Latency { get; set; }

    // An interactive emulator may run for weeks.
    private const int RequestsKept = 1000;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!ShouldProcess("an emulator of the service, on this machine alone", "Start"))
        {
            return;
        }

        var clock = new EmulatorClock();
        var server = EmulatorServer.Start(new EmulatorOptions
        {
            TimeProvider = clock,
            RateLimit = RateLimit == 0 ? null : MakeLimit(),
            ErrorBodyShape = ErrorBodyShape,
            BadRequestScope = BadRequestScope,
            AbsentDelete = AbsentDelete,
            BatchCompletion = BatchCompletion,
            Latency = Latency,

            // What arrived is for tests of the module; an interactive emulator runs for long.
            KeepArrivals = false,
            MostRequestsKept = RequestsKept,
        });
        var brand = server.Service.AddBrand();
        var instance = new EmulatorInstance(server, clock.Advance, clock.GetUtcNow, () => server.Service.RequestCount)
        {
            Uri = server.BaseAddress,
            BrandKey = brand.BrandKey,
            ApiKey = Protect(brand.ApiKey),
        };
        RunningEmulators.Add(instance);
        WriteObject(instance);
    }

    private RateLimit MakeLimit() => RateLimitKind switch
    {
        RateLimitKind.FixedWindow => new FixedWindow(RateLimit, RateLimitWindow),
        RateLimitKind.TokenBucket => new TokenBucket(RateLimit, RateLimit, RateLimitWindow),
        _ => new SlidingWindow(RateLimit, RateLimitWindow),
    };

    private static SecureString Protect(string key)
    {
        var secret = new SecureString();
        foreach (var character in key)
        {
            secret.AppendChar(character);
        }

        secret.MakeReadOnly();
        return secret;
    }
}
