using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text;

namespace OptimoveDC.Cmdlets.Resuming;

/// <summary>Writes arguments as a user would type them.</summary>
internal static class CommandText
{
    /// <summary>A value as an argument.</summary>
    internal static string Of(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        null => "$null",
        bool truth => truth ? "$true" : "$false",
        SwitchParameter present => present ? "$true" : "$false",
        IDictionary map => Map(map),
        TimeSpan span => $"'{span.ToString("c", CultureInfo.InvariantCulture)}'",
        byte or sbyte or short or ushort or int or uint or long or ulong or float or double or decimal =>
            ((IFormattable)value!).ToString(null, CultureInfo.InvariantCulture),
        Encoding encoding => Quote(encoding.WebName),
        string text => Quote(text),
        IEnumerable items => string.Join(", ", items.Cast<object?>().Select(Of)),
        IFormattable formattable => Quote(formattable.ToString(null, CultureInfo.InvariantCulture)),
        { } other => Quote(other.ToString() ?? ""),
    };

    // The order of a hashtable is not fixed; that of a text has to be, for two imports are compared by it.
    private static string Map(IDictionary map)
    {
        var entries = map.Cast<DictionaryEntry>()
            .Select(entry => $"{Of(Convert.ToString(entry.Key, CultureInfo.InvariantCulture))} = {Of(entry.Value)}")
            .Order(StringComparer.Ordinal);
        return $"@{{ {string.Join("; ", entries)} }}";
    }

    private static string Quote(string text) => $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'";
}
