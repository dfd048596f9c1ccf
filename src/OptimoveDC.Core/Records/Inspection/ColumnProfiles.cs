namespace OptimoveDC.Core.Records.Inspection;

/// <summary>What the text of the columns of a source looks like, as it is written.</summary>
internal sealed class ColumnProfiles
{
    private readonly Dictionary<string, ColumnProfile> _columns = new(StringComparer.Ordinal);

    /// <summary>The line of the record being written.</summary>
    internal Func<long> Line { get; set; } = () => 0;

    /// <summary>All columns seen, in the order in which they were.</summary>
    internal List<ColumnProfile> All { get; } = [];

    /// <summary>The profile of a column, by the name it is sent under.</summary>
    internal ColumnProfile For(string name)
    {
        // A source whose every record has names of its own has no columns to speak of.
        const int MostColumns = 10_000;
        if (!_columns.TryGetValue(name, out var profile))
        {
            profile = new ColumnProfile(name, this);
            if (All.Count < MostColumns)
            {
                _columns[name] = profile;
                All.Add(profile);
            }
        }

        return profile;
    }
}
