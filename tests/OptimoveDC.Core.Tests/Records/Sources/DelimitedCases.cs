using static OptimoveDC.Core.Tests.Records.Sources.SourceCase;

namespace OptimoveDC.Core.Tests.Records.Sources;

/// <summary>Delimited text gone wrong.</summary>
internal static class DelimitedCases
{
    private const string A1 = """{"user_id":"1","v":"a"}""";
    private const string C3 = """{"user_id":"3","v":"c"}""";

    internal static IEnumerable<SourceCase> All =>
    [
        Reject("a row with too few fields", "a.csv", "user_id,v\n1,a\n2\n3,c\n", 3, "1 fields, the header 2", A1, C3),
        Reject("a row with too many fields", "a.csv", "user_id,v\n1,a\n2,b,c\n3,c\n", 3, "3 fields, the header 2", A1, C3),
        Reject("a row cut off at the end of the file", "a.csv", "user_id,v\n1,a\n2", 3, "1 fields, the header 2", A1),
        Reject("a total under the rows", "a.csv", "user_id,v\n1,a\n,17\n", 3, "the primary key is empty", A1),
        Reject("a key of white space", "a.csv", "user_id,v\n1,a\n\" \t\",b\n3,c\n", 3, "the primary key is blank", A1, C3),
        Reject("a key that is one line break", "a.csv", "user_id,v\n1,a\n\"\n\",b\n3,c\n", 3, "the primary key is blank", A1, C3),
        Reject("a bad row after one of three lines", "a.csv", "user_id,v\n1,\"a\nb\nc\"\n,x\n", 5, "the primary key is empty", """{"user_id":"1","v":"a\nb\nc"}"""),
        Refuse("a quote left open", "a.csv", "user_id,v\n1,a\n2,\"b\n3,c\n", 3, "a quoted field is not closed"),
        Refuse("text after a closing quote", "a.csv", "user_id,v\n1,a\n2,\"b\"x\n", 3, "goes on after its closing quote"),
        Refuse("quotes escaped with a backslash", "a.csv", "user_id,v\n1,\"say \\\"hi\\\"\"\n", 2, "a quote within one is written twice"),
        Refuse("an empty file", "a.csv", "", null, "it is empty"),
        Refuse("nothing but a byte-order mark", "a.csv", "\uFEFF", null, "it is empty"),
        Refuse("no header", "a.csv", "1,a\n2,b\n", 1, "-KeyProperty names the column 'user_id', which is not there; the columns are '1', 'a'"),
        Refuse("a title above the header", "a.csv", "Customers of 2026\nuser_id,v\n1,a\n", 1, "the columns are 'Customers of 2026'"),
        Refuse("semicolons without -Delimiter", "a.csv", "user_id;v\n1;a\n", 1, "say so with -Delimiter"),
        Refuse("tabs in a file named csv", "a.csv", "user_id\tv\n1\ta\n", 1, "If '`t' stands between them, say so with -Delimiter"),
        Refuse("a column without a name", "a.csv", "user_id,,v\n1,x,a\n", 1, "column 2 has no name"),
        Refuse("a column twice", "a.csv", "user_id,v,v\n1,a,b\n", 1, "columns 2 and 3 are both named 'v'"),
        Refuse("a key column that could be two", "a.csv", "USER_ID,User_Id\n1,2\n", 1, "could be several"),
        Read("doubled quotes before a character of two bytes", "a.csv", "user_id,v\n1,\"\"\"é\"\n3,c\n", """{"user_id":"1","v":"\"é"}""", C3),
        Read("a quote within a field", "a.csv", "user_id,v\n1,5\" pipe\n", """{"user_id":"1","v":"5\" pipe"}"""),
        Read("a quoted header", "a.csv", "\"user_id\",\"v\"\n\"1\",\"a\"\n", A1),
        Read("a byte-order mark before a quoted header", "a.csv", "\uFEFF\"user_id\",\"v\"\n1,a\n", A1),
        Read("no line break at the end", "a.csv", "user_id,v\n1,a\n3,c", A1, C3),
        Read("blank lines between rows", "a.csv", "user_id,v\n\n1,a\n\n\n3,c\n\n", A1, C3),
        Read("a line saying what the separator is", "a.csv", "sep=;\r\nuser_id;v\r\n1;a\r\n3;c\r\n", A1, C3),
        Reject("a bad row under a line saying what the separator is", "a.csv", "sep=;\nuser_id;v\n1;a\n;b\n", 4, "the primary key is empty", A1),
        Read("a carriage return alone among other line breaks ends its line", "a.csv", "user_id,v\n1,a\r3,c\n" + string.Concat(Enumerable.Range(4, 20).Select(n => $"\"{n}\",x\n")), [A1, C3, .. Enumerable.Range(4, 20).Select(n => $$"""{"user_id":"{{n}}","v":"x"}""")]),
        Read("rows of carriage returns alone", "a.csv", "user_id,v\r1,a\r3,c\r", A1, C3),
        Read("a tab-separated file", "a.tsv", "user_id\tv\n1\ta\n3\tc\n", A1, C3),
        Read("a text file with tabs", "a.txt", "user_id\tv\n1\ta\n", A1),
        Read("a file without an extension, with semicolons", "customers", "user_id;v\n1;a\n", A1),
        Read("a text file with bars and a comma in quotes", "a.txt", "user_id|\"v\"\n1|\"a\"\n", A1),
        Reject("a tab-separated row with a tab too many", "a.tsv", "user_id\tv\n1\ta\n2\tb\tc\n", 3, "3 fields, the header 2", A1),
        Refuse("a wrong -Delimiter", "a.csv", "user_id,v\n1,a\n", 1, "If ',' stands between them, say so with -Delimiter") with { Layout = new() { KeyProperty = "user_id", Delimiter = ';' } },
        Read("a file of one column", "a.csv", "user_id\n1\n\n2\n", """{"user_id":"1"}""", """{"user_id":"2"}"""),
        Refuse("NUL characters in the header", "a.csv", "user\0_id,v\n1,a\n", 1, "NUL"),
        Refuse("a web page saved as CSV", "a.csv", "<!DOCTYPE html>\n<html></html>\n", 1, "the columns are '<!DOCTYPE html>'"),
    ];
}
