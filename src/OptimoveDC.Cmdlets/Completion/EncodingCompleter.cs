using System.Collections;
using System.Management.Automation.Language;

namespace OptimoveDC.Cmdlets.Completion;

/// <summary>For -Encoding: the names that the shell's own cmdlets take, and the code pages that files of old systems come in.</summary>
public sealed class EncodingCompleter : Completer
{
    private static readonly (string Name, string ToolTip)[] Encodings =
    [
        ("utf8", "UTF-8, with or without a byte-order mark"),
        ("ansi", "The code page of this culture"),
        ("oem", "The console's code page of this culture"),
        ("ascii", "Seven bits"),
        ("unicode", "UTF-16, little-endian"),
        ("bigendianunicode", "UTF-16, big-endian"),
        ("utf32", "UTF-32, little-endian"),
        ("bigendianutf32", "UTF-32, big-endian"),
        ("windows-1250", "Central European"),
        ("windows-1251", "Cyrillic"),
        ("windows-1252", "Western European"),
        ("iso-8859-1", "Western European, Latin 1"),
        ("shift_jis", "Japanese"),
        ("gb18030", "Chinese"),
    ];

    private protected override IEnumerable<Suggestion> Suggest(CommandAst command, IDictionary bound) =>
        Encodings.Select(encoding => new Suggestion(encoding.Name, encoding.Name, encoding.ToolTip));
}
