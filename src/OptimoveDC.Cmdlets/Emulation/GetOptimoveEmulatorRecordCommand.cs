using System.Management.Automation;
using OptimoveDC.Cmdlets.Arguments;
using OptimoveDC.Cmdlets.Completion;
using OptimoveDC.Cmdlets.Errors;
using OptimoveDC.Cmdlets.Pipeline;
using OptimoveDC.Cmdlets.Sessions;
using OptimoveDC.Emulator;

namespace OptimoveDC.Cmdlets.Emulation;

/// <summary>Shows the records that a query of an emulated Data Connection would find now: completed and not expired.</summary>
[Cmdlet(VerbsCommon.Get, "OptimoveEmulatorRecord")]
[OutputType(typeof(EmulatorRecord))]
public sealed class GetOptimoveEmulatorRecordCommand : OptimoveCmdlet
{
    /// <summary>The Data Connection; the session's own when none is given.</summary>
    [Parameter(Position = 0)]
    [DataConnectionIdTransformation]
    [ArgumentCompleter(typeof(DataConnectionIdCompleter))]
    [ValidateNotNull]
    public Guid? DataConnectionId { get; set; }

    /// <summary>Only the records with these keys, as text or as numbers.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public object[]? PrimaryKey { get; set; }

    /// <summary>The emulator; the session's own, or the only one that runs, when none is given.</summary>
    [Parameter(ValueFromPipeline = true)]
    public EmulatorInstance? Emulator { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var session = Session ?? RunspaceSession.Current;
        var emulator = Emulator ?? (session is null ? null : RunningEmulators.Of(session)) ?? RunningEmulators.Only;
        if (emulator is not { IsRunning: true })
        {
            ThrowTerminatingError(ErrorRecords.Argument("Name a running emulator with -Emulator.", null));
        }

        var service = ((EmulatorServer)emulator!.Server).Service;
        var id = DataConnectionId ?? session?.DataConnectionId;
        var connections = service.Connections.Where(connection => id is null || connection.Id == id).ToList();
        if (id is not null && connections.Count == 0)
        {
            ThrowTerminatingError(ErrorRecords.Argument($"The emulator has no Data Connection {id}.", id));
        }

        foreach (var connection in connections)
        {
            foreach (var record in connection.Records)
            {
                var shown = EmulatorRecordReader.Read(connection.Id, record);
                if (PrimaryKey is null || PrimaryKey.Any(key => LanguagePrimitives.Equals(key, shown.PrimaryKey)))
                {
                    WriteObject(shown);
                }
            }
        }
    }
}
