using OptimoveDC.Core.Records;
using OptimoveDC.Core.Records.Columns;

namespace OptimoveDC.Cmdlets.Records;

/// <summary>The names of an object's fields in their order, and how such objects are sent: found out with the first, good for all.</summary>
internal sealed class RecordShape
{
    /// <summary>The names.</summary>
    internal required string[] Names { get; init; }

    /// <summary>How each field is sent; null for one whose name can't be.</summary>
    internal required Column?[] Columns { get; init; }

    /// <summary>The place of the key's field; -1 when there is none to be taken.</summary>
    internal required int Key { get; init; }

    /// <summary>Why there is no key.</summary>
    internal string? KeyReason { get; private init; }

    /// <summary>True when there is no key because there could be several.</summary>
    internal bool IsAmbiguous { get; private init; }

    /// <summary>The place of the field with the time-to-live; -1 when there is none.</summary>
    internal required int TimeToLive { get; init; }

    /// <summary>True when two fields have the same name, as the columns of a query may.</summary>
    internal required bool HasTwins { get; init; }

    /// <summary>Whether an object has these fields, in this order.</summary>
    internal bool Has(ReadOnlySpan<string> names)
    {
        if (names.Length != Names.Length)
        {
            return false;
        }

        for (var at = 0; at < names.Length; at++)
        {
            // One text for all rows, nearly always: then there is nothing to compare.
            if (!ReferenceEquals(names[at], Names[at]) && names[at] != Names[at])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Finds out about objects of a shape.</summary>
    internal static RecordShape Of(FieldList fields, ColumnSet columns, string[] keyNames, string? timeToLiveProperty)
    {
        string[] names = [.. fields.Names];
        Column?[] resolved = [.. names.Select(name => RecordText.IsWellFormed(name) ? columns.Resolve(name) : null)];
        var key = -1;
        string? ambiguous = null;
        foreach (var candidate in keyNames)
        {
            var found = fields.Find(candidate);
            if (found < 0 || found == key || resolved[found] is not { KeyMatch: not KeyMatch.None })
            {
                continue;
            }

            ambiguous = key < 0 ? null : $"-KeyProperty '{columns.KeyProperty}' could be several of its fields: '{names[key]}', '{names[found]}'";
            key = found;
        }

        return new RecordShape
        {
            Names = names,
            Columns = resolved,
            Key = ambiguous is null ? key : -1,
            KeyReason = ambiguous ?? $"it has no field '{columns.KeyProperty}', which -KeyProperty names",
            IsAmbiguous = ambiguous is not null,
            TimeToLive = timeToLiveProperty is null ? -1 : fields.Find(timeToLiveProperty),
            HasTwins = names.Distinct(StringComparer.Ordinal).Count() < names.Length,
        };
    }
}
