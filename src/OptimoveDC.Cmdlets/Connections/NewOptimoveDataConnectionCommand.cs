using System.Management.Automation;
using OptimoveDC.Cmdlets.Errors;
using OptimoveDC.Cmdlets.Pipeline;
using OptimoveDC.Core.Api;
using OptimoveDC.Core.Http;

namespace OptimoveDC.Cmdlets.Connections;

/// <summary>Creates a Data Connection.</summary>
[Cmdlet(VerbsCommon.New, "OptimoveDataConnection", SupportsShouldProcess = true)]
[OutputType(typeof(DataConnection))]
public sealed class NewOptimoveDataConnectionCommand : OptimoveCmdlet
{
    /// <summary>Its name in Optimove.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>The field of every record that holds its primary key.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string PrimaryKey { get; set; } = "";

    /// <summary>What it is for.</summary>
    [Parameter(Position = 2)]
    [AllowEmptyString]
    public string? Description { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!ShouldProcess($"'{Name}' with the primary key '{PrimaryKey}'", "Create Data Connection"))
        {
            return;
        }

        var session = ActiveSession;
        var meter = new RequestMeter { AttemptEnded = PostAttempt, Throttling = PostThrottling };
        try
        {
            var id = Await(Client.CreateConnectionAsync(Name, PrimaryKey, Description ?? "", meter, StopToken));
            var connection = new DataConnection { DataConnectionId = id, Name = Name, PrimaryKey = PrimaryKey, Description = Description };
            session.Remember(connection);
            WriteObject(connection);
        }
        catch (ServiceException exception)
        {
            ThrowTerminatingError(ErrorRecords.Service(exception, Name));
        }
    }
}
