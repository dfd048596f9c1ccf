using System.Collections;
using System.Data;
using System.Globalization;
using System.Management.Automation;
using System.Text.Json;

namespace OptimoveDC.Cmdlets.Records;

/// <summary>
/// Reads the fields of an object, whatever it is: what its owner gave it, the entries of a dictionary, the columns of a row,
/// the properties of JSON. Used by one thread at a time.
/// </summary>
/// <param name="named">The fields that the user named; those that jobs and remoting add are fields where they are among them.</param>
internal sealed class ObjectFields(IReadOnlyCollection<string>? named = null)
{
    // What jobs and remoting add to every object that they bring.
    private static readonly string[] Carriers = ["PSComputerName", "RunspaceId", "PSShowComputerName", "PSSourceJobInstanceId"];

    private readonly Func<PSObject, IEnumerable<PSMemberInfo>> _ownMembers = EngineMembers.Reader;
    private readonly TypeDataNames _typeData = new();
    private readonly FieldList _sought = new();
    private object? _table;
    private string[] _rowNotes = [];

    /// <summary>Whether a simplified value has fields: it is no scalar and no list, and nothing forbids to send it.</summary>
    internal static bool Has(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        null => false,
        PSCustomObject => true,
        JsonElement json => json.ValueKind == JsonValueKind.Object,
        var bare => !ValueTable.IsScalar(bare) && !TypeTraits.Of(bare.GetType()).IsList && ValueTable.Refuse(bare) is null,
    };

    /// <summary>Reads the fields of a simplified value that has some.</summary>
    /// <exception cref="UnsendableValueException">They can't be read.</exception>
    internal void Read(object value, FieldList to)
    {
        var wrapped = value as PSObject;
        var bare = wrapped is null ? value : wrapped.BaseObject;
        if (bare is PSCustomObject)
        {
            ReadCustom(wrapped!, to);
            return;
        }

        try
        {
            ReadBare(bare, to);
        }
        catch (Exception exception) when (exception is not UnsendableValueException and not PipelineStoppedException)
        {
            // Whatever a dictionary or a row of somebody else's throws while it is listed.
            throw new UnsendableValueException($"can't be read: {exception.Message.TrimEnd('.')}");
        }

        if (wrapped is not null)
        {
            ReadNotes(wrapped, bare, to);
        }
    }

    /// <summary>Finds a property that somebody gave to a value besides its own.</summary>
    /// <returns>Its name; null when there is none.</returns>
    internal string? FindNote(PSObject wrapped) =>
        _ownMembers(wrapped).FirstOrDefault(static member => EngineMembers.AsProperty(member) is not null && !Carriers.Contains(member.Name))?.Name;

    /// <summary>Finds one field of a simplified value by its name, without reading the others.</summary>
    /// <returns>False when there is none of that name, whatever its case.</returns>
    /// <exception cref="UnsendableValueException">It can't be read.</exception>
    internal bool TryGet(object value, string name, out object? found)
    {
        _sought.Clear();
        if (value is PSObject { BaseObject: PSCustomObject } made)
        {
            // The public list is fast by name.
            if (made.Properties[name] is { IsGettable: true } property)
            {
                _sought.Add(property);
            }
        }
        else
        {
            Read(value, _sought);
        }

        var at = _sought.Find(name);
        found = at < 0 ? null : _sought.ValueAt(at);
        return at >= 0;
    }

    private void ReadCustom(PSObject made, FieldList to)
    {
        if (_typeData.MayAddTo(made) || !TryReadOwn(made, to))
        {
            to.Clear();
            foreach (var property in made.Properties)
            {
                Add(property, to);
            }

            if (to.Count == 0)
            {
                throw ValueTable.Empty(made);
            }
        }

        RemoveCarriers(made, to);
    }

    // Nearly all objects are notes alone. One that was deserialized has what it was in a list of its own besides, and a method
    // to show what type it had.
    private bool TryReadOwn(PSObject made, FieldList to)
    {
        foreach (var member in _ownMembers(made))
        {
            if (member is PSMethod)
            {
                return false;
            }

            Add(member, to);
        }

        return to.Count > 0 || made.Methods[nameof(GetType)] is not null;
    }

    private static void Add(PSMemberInfo member, FieldList to)
    {
        if (member.GetType() == typeof(PSNoteProperty))
        {
            to.Add(member.Name, ((PSNoteProperty)member).Value);
        }
        else if (EngineMembers.AsProperty(member) is { } property)
        {
            to.Add(property);
        }
    }

    private void ReadNotes(PSObject wrapped, object bare, FieldList to)
    {
        var own = to.Count;
        foreach (var member in bare is DataRow or DataRowView or IDataRecord ? NotesOfRow(wrapped, bare) : _ownMembers(wrapped))
        {
            if (EngineMembers.AsProperty(member) is { } note && !Carriers.Contains(note.Name))
            {
                // What is added to an object by a name that it has already hides that.
                if (to.Names[..own].IndexOf(note.Name) is var hidden and >= 0 && !TypeTraits.Of(wrapped.BaseObject.GetType()).IsDictionary)
                {
                    to.Replace(hidden, note);
                }
                else
                {
                    to.Add(note);
                }
            }
        }
    }

    // To ask each of a million rows what it was given besides takes longer than to write it. Whoever adds something to rows adds
    // it to all of them: the first of a table says what, and the others are asked by name.
    private IEnumerable<PSMemberInfo> NotesOfRow(PSObject wrapped, object bare)
    {
        var table = (bare as DataRow ?? (bare as DataRowView)?.Row)?.Table ?? (object)bare.GetType();
        if (!ReferenceEquals(table, _table))
        {
            _table = table;
            _rowNotes = [.. _ownMembers(wrapped).Where(static member => EngineMembers.AsProperty(member) is not null).Select(static member => member.Name)];
        }

        foreach (var name in _rowNotes)
        {
            if (wrapped.Properties[name] is { IsInstance: true } note)
            {
                yield return note;
            }
        }
    }

    private static void ReadBare(object bare, FieldList to)
    {
        switch (bare)
        {
            case JsonElement json:
                foreach (var property in ReadyJson.Check(json).EnumerateObject())
                {
                    to.Add(property.Name, property.Value);
                }

                break;
            case IDictionary dictionary:
                ReadEntries(EntriesOf(dictionary), to);
                break;
            case DataRow row:
                foreach (DataColumn column in row.Table.Columns)
                {
                    to.Add(column.ColumnName, row[column]);
                }

                break;
            case DataRowView view:
                foreach (DataColumn column in view.DataView.Table!.Columns)
                {
                    to.Add(column.ColumnName, view[column.Ordinal]);
                }

                break;
            case IDataRecord record:
                ReadColumns(record, to);
                break;
            case var _ when TypeTraits.Of(bare.GetType()).Entries is { } list:
                ReadEntries(list(bare), to);
                break;
            default:
                ReadProperties(bare, to);
                break;
        }
    }

    private static void ReadColumns(IDataRecord record, FieldList to)
    {
        for (var column = 0; column < record.FieldCount; column++)
        {
            var name = record.GetName(column);
            try
            {
                to.Add(name, record.GetValue(column));
            }
            catch (Exception exception) when (exception is InvalidCastException or OverflowException or FormatException or NotSupportedException or ArgumentException)
            {
                // A value that .NET has no type for; whatever else the driver throws is the end of the reading.
                to.AddUnreadable(name, $"can't be read: {exception.Message.TrimEnd('.')}");
            }
        }
    }

    // What the object's own type, or the adapter that PowerShell has for it, shows; what type data adds to .NET types is not
    // its owner's.
    private static void ReadProperties(object bare, FieldList to)
    {
        if (PSObject.AsPSObject(bare).Members["psadapted"] is not PSMemberSet adapted)
        {
            throw ValueTable.Empty(bare);
        }

        foreach (var property in adapted.Properties)
        {
            if (property.IsGettable)
            {
                to.Add(property);
            }
        }

        if (to.Count == 0)
        {
            throw ValueTable.Empty(bare);
        }
    }

    private static IEnumerable<KeyValuePair<object, object?>> EntriesOf(IDictionary dictionary)
    {
        var entries = dictionary.GetEnumerator();
        while (entries.MoveNext())
        {
            yield return new(entries.Key, entries.Value);
        }
    }

    private static void ReadEntries(IEnumerable<KeyValuePair<object, object?>> entries, FieldList to)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, value) in entries)
        {
            var simple = ValueTable.Simplify(key);
            if (simple is null || !ValueTable.IsScalar(simple))
            {
                throw new UnsendableValueException($"has a key that is {(simple is null ? "null" : $"a {ValueTable.NameOf(simple)}")}; keys must be text or numbers");
            }

            var name = ValueTable.TextOf(simple);
            if (names.Add(name))
            {
                to.Add(name, value);
            }
            else
            {
                to.AddUnreadable(name, $"stands for two keys of a dictionary, which are both '{name}' as text");
            }
        }
    }

    private void RemoveCarriers(PSObject made, FieldList to)
    {
        bool? isCarried = null;
        for (var at = 0; at < to.Count; at++)
        {
            if (to.Names[at] is { Length: >= 10 } name && (name[0] is 'P' or 'R') && Carriers.Contains(name) && named?.Contains(name, StringComparer.OrdinalIgnoreCase) != true
                && (isCarried ??= IsCarried(made, to)))
            {
                to.RemoveAt(at--);
            }
        }
    }

    // The same columns in a file that somebody exported are text, and fields like others.
    private static bool IsCarried(PSObject made, FieldList to)
    {
        var run = to.Find("RunspaceId");
        var job = to.Find("PSSourceJobInstanceId");
        return (job >= 0 && ValueTable.Simplify(to.ValueAt(job)) is Guid) || (run >= 0 && ValueTable.Simplify(to.ValueAt(run)) is Guid && ValueTable.DeserializedName(made) is not null);
    }
}
