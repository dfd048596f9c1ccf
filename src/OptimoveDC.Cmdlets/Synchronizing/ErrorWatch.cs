using System.Collections;
using System.Management.Automation;

namespace OptimoveDC.Cmdlets.Synchronizing;

/// <summary>
/// Whether anything was written to <c>$Error</c> since a call began: the one trace that an error upstream leaves when it
/// doesn't end the pipeline. The list is cut at its longest, so its newest entry tells, and not its length.
/// </summary>
internal sealed class ErrorWatch
{
    private readonly PSCmdlet _cmdlet;
    private readonly object? _newest;

    internal ErrorWatch(PSCmdlet cmdlet)
    {
        _cmdlet = cmdlet;
        _newest = Newest;
    }

    /// <summary>True as well when the list was cleared meanwhile: then nobody can know.</summary>
    internal bool HasSeenError => !ReferenceEquals(Newest, _newest);

    private object? Newest => _cmdlet.SessionState.PSVariable.GetValue("global:Error") is IList { Count: > 0 } errors ? errors[0] : null;
}
