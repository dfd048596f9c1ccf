using System.Management.Automation;

namespace OptimoveDC.Cmdlets.Records;

/// <summary>
/// Takes the primary key of an object and nothing else of it; what has no fields is a key itself.
/// </summary>
/// <param name="keyProperty">The field with the key; <c>primary_key</c> or <c>PrimaryKey</c> when null.</param>
internal sealed class KeyTaker(string? keyProperty) : IRecordTaker
{
    private static readonly ObjectShape KeyAlone = new(["primary_key"]);

    private string? _name;
    private int _at;

    /// <inheritdoc/>
    public TakenRecord Take(object? input, ValueList values)
    {
        var reason = TryFindAgain(input, out var key) ? null : Find(input, out key);
        var taken = new TakenRecord(input ?? "", KeyAlone, values.Count, reason, null, IsPlain: false);
        values.Add(key);
        return taken;
    }

    /// <summary>Finds the key that an input is or has.</summary>
    /// <returns>Null, or the reason why there is none.</returns>
    internal string? Find(object? input, out object? key)
    {
        key = input;
        if (input is null or string or int or long || PSObject.AsPSObject(input) is not { } item || !ObjectFields.Has(item))
        {
            return null;
        }

        var reason = FindIn(item, out var name, out key);
        if (reason is null && item.BaseObject is PSCustomObject && name.Equals(keyProperty ?? "primary_key", StringComparison.OrdinalIgnoreCase))
        {
            Remember(item, name);
        }

        return reason;
    }

    /// <summary>Finds the key of an object with fields.</summary>
    /// <returns>Null, or the reason why there is none.</returns>
    internal string? FindIn(PSObject item, out string name, out object? key)
    {
        if (keyProperty is not null)
        {
            return ObjectFields.TryGet(item, keyProperty, out name, out key) ? null : $"it has no field '{keyProperty}', which -KeyProperty names";
        }

        return ObjectFields.TryGet(item, "primary_key", out name, out key) || ObjectFields.TryGet(item, "PrimaryKey", out name, out key)
            ? null
            : "it has no field 'primary_key'; name the field that holds the key with -KeyProperty";
    }

    // Rows of one source have it in the same place. To look there touches less memory than to look for its name does, and
    // the objects of a long pipeline are in no cache any more.
    private bool TryFindAgain(object? input, out object? key)
    {
        key = null;
        if (input is not PSObject { BaseObject: PSCustomObject } item || OwnMembers.TableOf(item) is not { } members)
        {
            return false;
        }

        lock (members)
        {
            if (_name is null || _at >= members.Count || OwnMembers.AsNote(members[_at]) is not { } note || note.Name != _name)
            {
                return false;
            }

            key = note.Value;
            return true;
        }
    }

    private void Remember(PSObject item, string name)
    {
        if (OwnMembers.TableOf(item) is not { } members)
        {
            return;
        }

        lock (members)
        {
            for (var at = 0; at < members.Count; at++)
            {
                if (OwnMembers.AsNote(members[at])?.Name == name)
                {
                    (_name, _at) = (name, at);
                    return;
                }
            }
        }
    }
}
