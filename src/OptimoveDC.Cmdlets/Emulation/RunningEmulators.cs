using OptimoveDC.Emulator;

namespace OptimoveDC.Cmdlets.Emulation;

/// <summary>The emulators that this process has started and not stopped.</summary>
internal static class RunningEmulators
{
    private static readonly List<EmulatorInstance> Instances = [];

    internal static void Add(EmulatorInstance instance)
    {
        lock (Instances)
        {
            Instances.Add(instance);
        }
    }

    /// <summary>The only one that runs; null when there is none, or more than one.</summary>
    internal static EmulatorInstance? Only
    {
        get
        {
            lock (Instances)
            {
                return Instances.Count == 1 ? Instances[0] : null;
            }
        }
    }

    /// <summary>The emulator that a session speaks to; null when it speaks to none of this process.</summary>
    internal static EmulatorInstance? Of(Session session)
    {
        lock (Instances)
        {
            return Instances.Find(instance => instance.Uri == session.Uri);
        }
    }

    internal static async Task StopAsync(EmulatorInstance instance)
    {
        lock (Instances)
        {
            if (!Instances.Remove(instance))
            {
                return;
            }
        }

        instance.IsRunning = false;
        var server = (EmulatorServer)instance.Server;
        await server.DisposeAsync().ConfigureAwait(false);

        // Whoever stopped it should find nobody there any more.
        await server.Closed.ConfigureAwait(false);
    }
}
