using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace OptimoveDC.Cmdlets.Sessions;

/// <summary>The session of the runspace at hand. Two runspaces never share one by accident, and none outlives its runspace.</summary>
internal static class RunspaceSession
{
    private static readonly ConditionalWeakTable<Runspace, Session> Sessions = [];

    internal static Session? Current
    {
        get => Runspace.DefaultRunspace is { } runspace && Sessions.TryGetValue(runspace, out var session) && session.IsConnected ? session : null;
        set
        {
            if (value is null)
            {
                Sessions.Remove(Runspace.DefaultRunspace);
            }
            else
            {
                Sessions.AddOrUpdate(Runspace.DefaultRunspace, value);
            }
        }
    }
}
