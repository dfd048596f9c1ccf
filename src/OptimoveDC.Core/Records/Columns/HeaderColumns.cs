namespace OptimoveDC.Core.Records.Columns;

/// <summary>The columns of a source that names them all before the first record: a file with a header, a table, a data reader.</summary>
public sealed class HeaderColumns
{
    private readonly string _source;
    private readonly long? _line;
    private readonly string[] _names;
    private readonly string[] _newNames;

    private HeaderColumns(string source, long? line, string[] names)
    {
        _source = source;
        _line = line;
        _names = names;
        _newNames = [.. names];
    }

    /// <summary>Checks a header against what the user asked for.</summary>
    /// <param name="source">The name of the source, for messages.</param>
    /// <param name="line">The line of the header; null where it is none of a file.</param>
    /// <param name="names">The names, in their order.</param>
    /// <param name="layout">What the user asked for.</param>
    /// <returns>A field for each column, null for one that isn't sent; and which of them holds the key.</returns>
    /// <exception cref="SourceException">A column that is needed isn't there, or a name could be two.</exception>
    public static (RecordField?[] Fields, int Key) Select(string source, long? line, string[] names, ColumnLayout layout)
    {
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(layout);
        var columns = new HeaderColumns(source, line, names);
        foreach (var (name, newName) in layout.PropertyMap)
        {
            columns._newNames[columns.Find(name, "-PropertyMap")] = newName;
        }

        var (isSent, key) = columns.Choose(layout);
        columns.CheckNames(isSent);
        var types = new ColumnType?[names.Length];
        foreach (var (name, type) in layout.ColumnTypes)
        {
            types[columns.Find(name, "-ColumnType")] = type;
        }

        var fields = new RecordField?[names.Length];
        for (var column = 0; column < names.Length; column++)
        {
            if (isSent[column])
            {
                fields[column] = new RecordField(columns._newNames[column], types[column] ?? ColumnType.Text, types[column] is not null)
                {
                    Profile = column == key ? null : layout.Profiles?.For(columns._newNames[column]),
                };
            }
        }

        return (fields, key);
    }

    private (bool[] IsSent, int Key) Choose(ColumnLayout layout)
    {
        var isSent = new bool[_names.Length];
        Array.Fill(isSent, layout.Properties is null);
        foreach (var name in layout.Properties ?? [])
        {
            isSent[Find(name, "-Property")] = true;
        }

        var isExcluded = new bool[_names.Length];
        foreach (var name in layout.ExcludeProperties)
        {
            isExcluded[Find(name, "-ExcludeProperty")] = true;
        }

        var key = FindKey(layout.KeyProperty, isExcluded);
        isSent[key] = true;
        for (var column = 0; column < isSent.Length; column++)
        {
            isSent[column] &= !isExcluded[column];
        }

        return isSent[key]
            ? (isSent, key)
            : throw Refuse($"-ExcludeProperty names the column '{_names[key]}', which holds the primary key, and no record can be sent without it");
    }

    // The key may go by the name in the source or by the name it is sent under; where those are two columns, nobody guesses.
    private int FindKey(string wanted, bool[] isExcluded)
    {
        var byName = Array.IndexOf(_names, wanted);
        var byNewName = Enumerable.Range(0, _names.Length).FirstOrDefault(column => _newNames[column] == wanted && _names[column] != wanted, -1);
        if (byName >= 0 && byNewName >= 0 && byName != byNewName && isExcluded[byName] == isExcluded[byNewName])
        {
            throw Refuse(
                $"-KeyProperty '{wanted}' could be the column of that name or the column '{_names[byNewName]}', which -PropertyMap renames to it; leave one of them out with -ExcludeProperty, or rename one to something else");
        }

        if (byName >= 0 && byNewName >= 0)
        {
            return isExcluded[byName] ? byNewName : byName;
        }

        if (byName >= 0 || byNewName >= 0)
        {
            return Math.Max(byName, byNewName);
        }

        return FindSimilar(wanted, "-KeyProperty", column => Similar(_names[column], wanted) || Similar(_newNames[column], wanted));
    }

    // The very name first, then the one that differs only in case.
    private int Find(string wanted, string parameter)
    {
        var exact = Array.IndexOf(_names, wanted);
        return exact >= 0 ? exact : FindSimilar(wanted, parameter, column => Similar(_names[column], wanted));
    }

    private int FindSimilar(string wanted, string parameter, Func<int, bool> isSimilar)
    {
        var similar = Enumerable.Range(0, _names.Length).Where(isSimilar).ToList();
        if (similar.Count == 1)
        {
            return similar[0];
        }

        const int MostNames = 20;
        var shown = string.Join(", ", _names.Take(MostNames).Select(name => $"'{name}'"));
        throw Refuse(
            $"{parameter} names the column '{wanted}', which {(similar.Count == 0 ? "is not there" : "could be several")}; the columns are {shown}{(_names.Length > MostNames ? ", …" : "")}{Hint(wanted)}");
    }

    private string Hint(string wanted)
    {
        if (_names.Length == 1 && _names[0].IndexOfAny([',', ';', '\t', '|']) is var at && at >= 0)
        {
            return $". If '{(_names[0][at] == '\t' ? "`t" : _names[0][at])}' stands between them, say so with -Delimiter";
        }

        return Array.IndexOf(_newNames, wanted) is var renamed && renamed >= 0
            ? $". -PropertyMap renames '{_names[renamed]}' to '{wanted}': columns go by their names in the source"
            : "";
    }

    private void CheckNames(bool[] isSent)
    {
        for (var column = 0; column < _names.Length; column++)
        {
            if (!isSent[column])
            {
                continue;
            }

            if (string.IsNullOrWhiteSpace(_newNames[column]))
            {
                throw Refuse($"column {column + 1} has no name; name it {(_line is null ? "with AS in the query" : "in the header")}, or name those to send with -Property");
            }

            if (!RecordText.IsWellFormed(_newNames[column]))
            {
                throw Refuse($"the name of column {column + 1} {RecordText.HalfCharacter}");
            }

            var other = Array.FindIndex(_names, name => name == _names[column]);
            if (other == column)
            {
                other = Array.FindLastIndex(_names, name => name == _names[column]);
            }

            if (other == column)
            {
                other = Enumerable.Range(0, column).FirstOrDefault(earlier => isSent[earlier] && _newNames[earlier] == _newNames[column], column);
            }

            if (other != column)
            {
                throw Refuse(
                    $"columns {Math.Min(column, other) + 1} and {Math.Max(column, other) + 1} are both named '{_newNames[column]}'; a record can't have a field twice, rename one{(_line is null ? " with AS in the query" : "")}");
            }
        }
    }

    private SourceException Refuse(string reason) => new(_source, _line, reason);

    private static bool Similar(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
