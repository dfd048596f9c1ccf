using System.Management.Automation;

namespace OptimoveDC.Cmdlets.Records;

/// <summary>
/// Takes the primary key of an object and nothing else of it; what has no fields is a key itself.
/// </summary>
/// <param name="keyProperty">The field with the key; <c>primary_key</c> when null.</param>
internal sealed class KeyTaker(string? keyProperty) : IRecordTaker
{
    private static readonly ObjectShape KeyAlone = new(["primary_key"]);

    /// <inheritdoc/>
    public TakenRecord Take(object? input, ValueList values)
    {
        var reason = Find(input, out var key);
        var taken = new TakenRecord(input ?? "", KeyAlone, values.Count, reason, null, IsPlain: false);
        values.Add(key);
        return taken;
    }

    /// <summary>Finds the key that an input is or has.</summary>
    /// <returns>Null, or the reason why there is none.</returns>
    internal string? Find(object? input, out object? key)
    {
        key = input;
        return input is not (null or string or int or long) && PSObject.AsPSObject(input) is var item && ObjectFields.Has(item) ? FindIn(item, out key) : null;
    }

    /// <summary>Finds the key of an object with fields.</summary>
    /// <returns>Null, or the reason why there is none.</returns>
    internal string? FindIn(PSObject item, out object? key)
    {
        if (keyProperty is not null)
        {
            return ObjectFields.TryGet(item, keyProperty, out _, out key) ? null : $"it has no field '{keyProperty}', which -KeyProperty names";
        }

        return ObjectFields.TryGet(item, "primary_key", out _, out key) || ObjectFields.TryGet(item, "PrimaryKey", out _, out key)
            ? null
            : "it has no field 'primary_key'; name the field that holds the key with -KeyProperty";
    }
}
