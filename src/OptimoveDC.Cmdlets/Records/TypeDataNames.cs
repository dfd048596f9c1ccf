using System.Collections.Concurrent;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Xml;
using System.Xml.Linq;

namespace OptimoveDC.Cmdlets.Records;

/// <summary>
/// The properties that <c>Update-TypeData</c> and the type files of modules added in the runspace of this thread. Whether an
/// object has one of them is asked for by name, because the engine has no public list of an object's type names that it
/// doesn't copy for each object.
/// </summary>
internal sealed class TypeDataNames
{
    // Beyond so many, the public list of properties is faster.
    private const int MostAsked = 12;

    private static readonly string? EngineFolder = Path.GetDirectoryName(typeof(PSObject).Assembly.Location);
    private static readonly ConcurrentDictionary<string, string[]?> FileNames = new(StringComparer.OrdinalIgnoreCase);

    private InitialSessionStateEntryCollection<SessionStateTypeEntry>? _types;
    private int _count = -1;
    private string[]? _names = [];

    /// <summary>Whether type data may have given properties to a custom object.</summary>
    internal bool MayAddTo(PSObject made)
    {
        if (Runspace.DefaultRunspace is not { } runspace)
        {
            return false;
        }

        Refresh(runspace.InitialSessionState.Types);
        if (_names is null)
        {
            return true;
        }

        foreach (var name in _names)
        {
            if (made.Properties[name] is { IsInstance: false })
            {
                return true;
            }
        }

        return false;
    }

    // Every change of type data adds an entry, its removal too.
    private void Refresh(InitialSessionStateEntryCollection<SessionStateTypeEntry> types)
    {
        var count = types.Count;
        if (ReferenceEquals(types, _types) && count == _count)
        {
            return;
        }

        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var areKnown = true;
        foreach (var type in types)
        {
            if (NamesOf(type) is { } added)
            {
                names.UnionWith(added);
            }
            else
            {
                areKnown = false;
            }
        }

        (_types, _count) = (types, count);
        _names = areKnown && names.Count <= MostAsked ? [.. names] : null;
    }

    private static IEnumerable<string>? NamesOf(SessionStateTypeEntry type) => type switch
    {
        { TypeData: { } data } => data.Members.Values.Where(static member => member is NotePropertyData or AliasPropertyData or ScriptPropertyData or CodePropertyData).Select(static member => member.Name),
        { FileName: { } file } when Path.GetDirectoryName(file) == EngineFolder => [],
        { FileName: { } file } => FileNames.GetOrAdd(file, ReadNames),
        _ => null,
    };

    private static string[]? ReadNames(string file)
    {
        try
        {
            return [.. XDocument.Load(file).Descendants("Members")
                .Where(static members => members.Parent?.Name == "Type")
                .Elements()
                .Where(static member => member.Name.LocalName is "NoteProperty" or "AliasProperty" or "ScriptProperty" or "CodeProperty")
                .Select(static member => ((string?)member.Element("Name"))?.Trim() ?? "")];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or XmlException)
        {
            return null;
        }
    }
}
