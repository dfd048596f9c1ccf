using System.Collections;
using System.Data;
using System.Management.Automation;
using OptimoveDC.Cmdlets.Loading;
using OptimoveDC.Core.Records;
using OptimoveDC.Core.Records.Files;

namespace OptimoveDC.Cmdlets.Tables;

/// <summary>Sources that are one object: a table, a view of one, an open data reader.</summary>
internal static class TableSource
{
    /// <summary>The object that is a source; null when the input is a record, or anything else.</summary>
    internal static object? Find(object? input) => (input is PSObject wrapped ? wrapped.BaseObject : input) switch
    {
        // Some readers are data records too: of the row that they stand at.
        IDataReader reader => reader,
        DataTable table => table,
        DataView view => view,
        _ => null,
    };

    /// <summary>The records, files and tables that an argument stands for: a list is its items, though a view is one source.</summary>
    internal static IEnumerable Split(object? input) => (Find(input) is null ? LoadCmdlet.ItemsOf(input) : null) ?? new[] { input };

    /// <summary>The name of a source in results and messages.</summary>
    internal static string NameOf(object source) => source switch
    {
        DataTable table => DataTableSource.NameOf(table),
        DataView view => DataTableSource.NameOf(view.Table),
        _ => DataReaderSource.SourceName,
    };

    /// <summary>What the user should know of a source that was read to its end, beside its remarks.</summary>
    internal static IEnumerable<string> WarningsOf(IRecordSource source) => source is DataTableSource { SkippedRows: { } skipped } ? [skipped] : [];

    /// <summary>Opens a source.</summary>
    /// <param name="source">The table, view or reader.</param>
    /// <param name="layout">How its columns become fields, and how many of its rows are read at most.</param>
    /// <exception cref="SourceException">It can't be read, or its columns can't be used.</exception>
    internal static IRecordSource Open(object source, FileLayout layout) => source switch
    {
        IDataReader reader => DataReaderSource.Open(reader, layout, layout.First),
        _ => DataTableSource.Open(source, layout, layout.First),
    };
}
