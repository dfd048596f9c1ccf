using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using OptimoveDC.Cmdlets.Sessions;

namespace OptimoveDC.Cmdlets.Completion;

/// <summary>The Data Connections that the session knows: those it created, and the one it was opened for.</summary>
public sealed class DataConnectionIdCompleter : Completer
{
    private protected override IEnumerable<Suggestion> Suggest(CommandAst command, IDictionary bound)
    {
        var given = bound["Session"];
        if (((given is PSObject wrapped ? wrapped.BaseObject : given) as Session ?? RunspaceSession.Current) is not { } session)
        {
            yield break;
        }

        foreach (var connection in session.KnownConnections.OrderBy(connection => connection.Name, StringComparer.CurrentCulture))
        {
            yield return Make(connection.DataConnectionId, $"{connection.Name}, primary key {connection.PrimaryKey}");
        }

        if (session.DataConnectionId is { } own && !session.TryGetKnown(own, out _))
        {
            yield return Make(own, "The Data Connection of this session");
        }
    }

    private static Suggestion Make(Guid id, string toolTip) => new(id.ToString(), id.ToString(), toolTip);
}
