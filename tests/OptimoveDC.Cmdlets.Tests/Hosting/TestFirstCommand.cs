using System.Management.Automation;

namespace OptimoveDC.Cmdlets.Tests.Hosting;

/// <summary>
/// Passes one object on and stops the commands before it, in the very way of <c>Select-Object -First 1</c>, which the bare
/// engine doesn't have.
/// </summary>
[Cmdlet(VerbsDiagnostic.Test, "First")]
public sealed class TestFirstCommand : PSCmdlet
{
    [Parameter(ValueFromPipeline = true)]
    public object? InputObject { get; set; }

    protected override void ProcessRecord()
    {
        WriteObject(InputObject);
        var stop = typeof(PSCmdlet).Assembly.GetType("System.Management.Automation.StopUpstreamCommandsException", throwOnError: true)!;
        throw (Exception)Activator.CreateInstance(stop, this)!;
    }
}
