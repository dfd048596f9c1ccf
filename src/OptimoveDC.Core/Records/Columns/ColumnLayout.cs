namespace OptimoveDC.Core.Records.Columns;

/// <summary>
/// Which columns of a source are sent, under which name and as what. Columns are named as in the source everywhere;
/// the key's column may also be named as it is sent.
/// </summary>
public record ColumnLayout
{
    /// <summary>The column that holds the primary key, as in the source or as it is sent.</summary>
    public required string KeyProperty { get; init; }

    /// <summary>What the text of a column is sent as; a column not named here is text.</summary>
    public IReadOnlyDictionary<string, ColumnType> ColumnTypes { get; init; } = new Dictionary<string, ColumnType>();

    /// <summary>What an empty field is sent as.</summary>
    public EmptyValue EmptyValue { get; init; }

    /// <summary>The columns that are sent, beside the key; null when all are.</summary>
    public IReadOnlyList<string>? Properties { get; init; }

    /// <summary>The columns that are not sent.</summary>
    public IReadOnlyList<string> ExcludeProperties { get; init; } = [];

    /// <summary>The names that columns are sent under, by their names in the source.</summary>
    public IReadOnlyDictionary<string, string> PropertyMap { get; init; } = new Dictionary<string, string>();

    /// <summary>Looks at the text of columns as it goes by; null when nobody does.</summary>
    internal Inspection.ColumnProfiles? Profiles { get; init; }

    /// <summary>Looks for what contradicts itself, before any source is opened.</summary>
    /// <exception cref="ArgumentException">The layout can't be meant.</exception>
    public void Validate()
    {
        if (Properties is { Count: 0 })
        {
            throw new ArgumentException("-Property names no column.");
        }

        foreach (var name in (Properties ?? []).Concat(ExcludeProperties).Concat(PropertyMap.Keys).Concat(PropertyMap.Values))
        {
            if (string.IsNullOrWhiteSpace(name))
            {
                throw new ArgumentException("A column name in -Property, -ExcludeProperty or -PropertyMap is empty.");
            }

            if (!RecordText.IsWellFormed(name))
            {
                throw new ArgumentException($"The column name '{name}' {RecordText.HalfCharacter}.");
            }
        }

        if (PropertyMap.GroupBy(pair => pair.Value, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException(
                $"-PropertyMap sends {string.Join(" and ", twice.Select(pair => $"'{pair.Key}'"))} as '{twice.Key}'; a record can't have a field twice.");
        }

        if (Names(ExcludeProperties, KeyProperty) && !Names(PropertyMap.Values, KeyProperty))
        {
            throw new ArgumentException($"-ExcludeProperty names the primary key '{KeyProperty}', and no record can be sent without it.");
        }
    }

    internal static bool Names(IEnumerable<string> names, string name) => names.Contains(name, StringComparer.OrdinalIgnoreCase);
}
