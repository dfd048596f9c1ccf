using System.Collections;
using System.Globalization;
using System.Text;
using OptimoveDC.Core.Records.Columns;
using OptimoveDC.Core.Records.Files;

namespace OptimoveDC.Cmdlets.Records;

/// <summary>The arguments of a cmdlet that say how a source is read, as they were given.</summary>
internal sealed record SourceArguments
{
    internal required string KeyProperty { get; init; }

    internal IDictionary? ColumnType { get; init; }

    internal EmptyValue EmptyValue { get; init; }

    internal string[]? Property { get; init; }

    internal string[]? ExcludeProperty { get; init; }

    internal IDictionary? PropertyMap { get; init; }

    internal char? Delimiter { get; init; }

    internal Encoding? Encoding { get; init; }

    internal long? First { get; init; }

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="ArgumentException">They can't be meant.</exception>
    internal FileLayout ToLayout()
    {
        var layout = new FileLayout
        {
            KeyProperty = KeyProperty,
            ColumnTypes = ReadColumnTypes(),
            EmptyValue = EmptyValue,
            Properties = Property,
            ExcludeProperties = ExcludeProperty ?? [],
            PropertyMap = ReadPropertyMap(),
            Delimiter = Delimiter,
            Encoding = Encoding,
            First = First,
        };
        layout.Validate();
        return layout;
    }

    private Dictionary<string, ColumnType> ReadColumnTypes()
    {
        var types = new Dictionary<string, ColumnType>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in ColumnType ?? new Hashtable())
        {
            var text = TextOf(entry.Value);
            types[TextOf(entry.Key)] = Enum.TryParse<ColumnType>(text, ignoreCase: true, out var type) && Enum.IsDefined(type) && !int.TryParse(text, out _)
                ? type
                : throw new ArgumentException($"-ColumnType gives '{text}' for '{entry.Key}'; it can be {string.Join(", ", Enum.GetNames<ColumnType>())}.");
        }

        return types;
    }

    private Dictionary<string, string> ReadPropertyMap()
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in PropertyMap ?? new Hashtable())
        {
            names[TextOf(entry.Key)] = TextOf(entry.Value);
        }

        return names;
    }

    private static string TextOf(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
