namespace OptimoveDC.Core.Records.Columns;

/// <summary>
/// The columns of a source without a header, whose records name their fields themselves: JSON, and objects on the
/// pipeline. Names are found whatever their case, as the shell finds them.
/// </summary>
public sealed class ColumnSet
{
    // Objects keyed by an identifier have a new name in every record; those are looked up anew each time.
    private const int MostKept = 10_000;

    private readonly ColumnLayout _layout;
    private readonly string _keyTarget;
    private readonly Dictionary<string, Column> _columns = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ColumnTarget> _targets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ColumnType> _types;
    private readonly Dictionary<string, string> _newNames;
    private readonly HashSet<string>? _wanted;
    private readonly HashSet<string> _unwanted;
    private readonly HashSet<string> _unseen;

    /// <summary>Takes what the user asked for.</summary>
    /// <param name="layout">Which columns are sent, and how.</param>
    public ColumnSet(ColumnLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        _layout = layout;
        _types = IgnoringCase(layout.ColumnTypes);
        _newNames = IgnoringCase(layout.PropertyMap);
        _wanted = layout.Properties is null ? null : new HashSet<string>(layout.Properties, StringComparer.OrdinalIgnoreCase);
        _unwanted = new HashSet<string>(layout.ExcludeProperties, StringComparer.OrdinalIgnoreCase);
        _unseen = new HashSet<string>([.. layout.Properties ?? [], .. layout.ExcludeProperties, .. layout.PropertyMap.Keys, .. layout.ColumnTypes.Keys], StringComparer.OrdinalIgnoreCase);
        _keyTarget = _newNames.GetValueOrDefault(layout.KeyProperty, layout.KeyProperty);
    }

    /// <summary>What an empty text is sent as.</summary>
    public EmptyValue EmptyValue => _layout.EmptyValue;

    /// <summary>True when two columns of a record could be sent under one name.</summary>
    public bool Renames => _newNames.Count > 0;

    /// <summary>The name that the key's column was asked for by.</summary>
    public string KeyProperty => _layout.KeyProperty;

    /// <summary>Columns that the user named and that no record had; most often a name was misspelt.</summary>
    public IReadOnlyList<string> Unseen => [.. _unseen.Order(StringComparer.Ordinal)];

    /// <summary>The fields that records were sent with so far.</summary>
    public IReadOnlyList<string> FieldNames => [.. _columns.Values.Where(column => column.Field is not null).Select(column => column.Field!.Name).Distinct(StringComparer.Ordinal)];

    /// <summary>The names in the source that the key's column may have.</summary>
    public IEnumerable<string> KeyNames =>
        [_layout.KeyProperty, .. _layout.PropertyMap.Where(pair => pair.Value.Equals(_layout.KeyProperty, StringComparison.OrdinalIgnoreCase)).Select(pair => pair.Key), _keyTarget];

    /// <summary>Finds out about a column by its name in the source.</summary>
    /// <param name="name">The name; well-formed text.</param>
    public Column Resolve(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (_columns.TryGetValue(name, out var known))
        {
            return known;
        }

        _unseen.Remove(name);
        var newName = _newNames.GetValueOrDefault(name, name);
        var match = Match(name, newName);
        var isSent = (_wanted is null || match != KeyMatch.None || _wanted.Contains(name)) && !_unwanted.Contains(name);
        if (!_targets.TryGetValue(newName, out var target))
        {
            target = new ColumnTarget();
        }

        var column = new Column(name, isSent ? MakeField(name, newName) : null, isSent ? match : KeyMatch.None, target);
        if (_columns.Count < MostKept || newName != name || ColumnLayout.Names(_layout.PropertyMap.Values, name))
        {
            column.IsKept = true;
            _columns[name] = column;
            _targets[newName] = target;
        }

        return column;
    }

    private RecordField MakeField(string name, string newName) =>
        new(newName, _types.GetValueOrDefault(name), _types.ContainsKey(name))
        {
            Profile = _layout.Profiles?.For(newName),
        };

    // By the name in the source, by the name it is sent under, or, in a record that was renamed before, by what the key is sent as.
    private KeyMatch Match(string name, string newName)
    {
        if (_layout.KeyProperty.Length == 0)
        {
            return KeyMatch.None;
        }

        return Best(name, _layout.KeyProperty) is var byName && byName == KeyMatch.Exact
            ? byName
            : (KeyMatch)Math.Max((int)byName, Math.Max((int)Best(newName, _layout.KeyProperty), (int)Best(newName, _keyTarget)));
    }

    private static KeyMatch Best(string name, string wanted) =>
        name.Equals(wanted, StringComparison.Ordinal) ? KeyMatch.Exact
        : name.Equals(wanted, StringComparison.OrdinalIgnoreCase) ? KeyMatch.Similar
        : KeyMatch.None;

    private static Dictionary<string, T> IgnoringCase<T>(IReadOnlyDictionary<string, T> named)
    {
        var result = new Dictionary<string, T>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in named)
        {
            result[name] = value;
        }

        return result;
    }
}
