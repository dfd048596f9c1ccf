using System.Management.Automation;

namespace OptimoveDC.EmptyModule;

/// <summary>Takes objects by value, as the writing cmdlets do, and does nothing with them.</summary>
[Cmdlet(VerbsCommon.Skip, "Object")]
public sealed class SkipObjectCommand : PSCmdlet
{
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    public object? InputObject { get; set; }

    protected override void ProcessRecord()
    {
    }
}
