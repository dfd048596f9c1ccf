using System.Management.Automation;
using OptimoveDC.Cmdlets.Errors;
using OptimoveDC.Cmdlets.Pipeline;

namespace OptimoveDC.Cmdlets.Emulation;

/// <summary>Stops an emulator; what it held is gone.</summary>
[Cmdlet(VerbsLifecycle.Stop, "OptimoveEmulator", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class StopOptimoveEmulatorCommand : OptimoveCmdlet
{
    /// <summary>The emulator to stop; not needed when only one runs.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    public EmulatorInstance? Emulator { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var emulator = Emulator ?? RunningEmulators.Only;
        if (emulator is null)
        {
            ThrowTerminatingError(ErrorRecords.Argument("Name the emulator to stop with -Emulator: none runs, or more than one.", null));
        }
        else if (ShouldProcess($"the emulator at {emulator.Uri}", "Stop"))
        {
            Await(RunningEmulators.StopAsync(emulator));
        }
    }
}
