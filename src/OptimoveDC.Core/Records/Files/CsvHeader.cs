using Sylvan.Data.Csv;

namespace OptimoveDC.Core.Records.Files;

/// <summary>Reads the header line of a CSV file and checks it against what the user asked for.</summary>
internal static class CsvHeader
{
    internal static (RecordField[] Columns, int Key) Read(string source, CsvDataReader reader, FileLayout layout)
    {
        var names = new string[reader.RowFieldCount];
        for (var column = 0; column < names.Length; column++)
        {
            names[column] = reader.GetString(column);
        }

        Check(source, names);
        var key = Find(source, names, layout.KeyProperty, "-KeyProperty");
        var types = new ColumnType[names.Length];
        foreach (var (name, type) in layout.ColumnTypes)
        {
            types[Find(source, names, name, "-ColumnType")] = type;
        }

        return ([.. names.Select((name, column) => new RecordField(name, types[column]))], key);
    }

    /// <summary>Finds a column by name: the very name first, then the one that differs only in case.</summary>
    internal static int Find(string source, string[] names, string wanted, string parameter)
    {
        var exact = Array.IndexOf(names, wanted);
        if (exact >= 0)
        {
            return exact;
        }

        var similar = Array.FindIndex(names, name => name.Equals(wanted, StringComparison.OrdinalIgnoreCase));
        if (similar >= 0 && Array.FindLastIndex(names, name => name.Equals(wanted, StringComparison.OrdinalIgnoreCase)) == similar)
        {
            return similar;
        }

        const int MostNames = 20;
        var shown = string.Join(", ", names.Take(MostNames).Select(name => $"'{name}'"));
        throw new SourceException(
            source,
            1,
            $"{parameter} names the column '{wanted}', which {(similar < 0 ? "is not there" : "could be several")}; the columns are {shown}{(names.Length > MostNames ? ", …" : "")}");
    }

    private static void Check(string source, string[] names)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var column = 0; column < names.Length; column++)
        {
            if (string.IsNullOrWhiteSpace(names[column]))
            {
                throw new SourceException(source, 1, $"column {column + 1} has no name; name it in the header, or take the column out");
            }

            if (names[column].Contains('\0'))
            {
                throw new SourceException(source, 1, "the header has NUL characters; the file looks like UTF-16 without a byte-order mark, or is no text");
            }

            if (!RecordText.IsWellFormed(names[column]))
            {
                throw new SourceException(source, 1, $"the name of column {column + 1} {RecordText.HalfCharacter}");
            }

            if (!seen.TryAdd(names[column], column))
            {
                throw new SourceException(
                    source,
                    1,
                    $"columns {seen[names[column]] + 1} and {column + 1} are both named '{names[column]}'; a record can't have a field twice, rename one");
            }
        }
    }
}
