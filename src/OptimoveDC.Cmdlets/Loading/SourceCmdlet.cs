using System.Collections;
using System.Management.Automation;
using System.Text;
using OptimoveDC.Cmdlets.Arguments;
using OptimoveDC.Cmdlets.Completion;
using OptimoveDC.Cmdlets.Errors;
using OptimoveDC.Cmdlets.Records;
using OptimoveDC.Core.Records.Columns;
using OptimoveDC.Core.Records.Files;

namespace OptimoveDC.Cmdlets.Loading;

/// <summary>A cmdlet that loads sources of records: how their columns become fields, and how files are read.</summary>
/// <remarks>Test-OptimoveData has the same parameters without being one that loads; a test keeps the two alike.</remarks>
public abstract class SourceCmdlet : LoadCmdlet
{
    private FileLayout? _fileLayout;
    private ObjectRecords? _objects;

    /// <summary>What the text of columns is sent as: @{ amount = 'Number' }. Columns go by their names in the source.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ColumnTypeCompleter))]
    public IDictionary? ColumnType { get; set; }

    /// <summary>What an empty field is sent as.</summary>
    [Parameter]
    public EmptyValue EmptyValue { get; set; }

    /// <summary>The columns to send, by their names in the source; the key's is always among them. Wildcards are not read.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ColumnNameCompleter))]
    public string[]? Property { get; set; }

    /// <summary>The columns not to send, by their names in the source.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ColumnNameCompleter))]
    public string[]? ExcludeProperty { get; set; }

    /// <summary>The names to send columns under: @{ 'name in the source' = 'new name' }.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(PropertyMapCompleter))]
    public IDictionary? PropertyMap { get; set; }

    /// <summary>What stands between the fields of a file; by its name and content when not given.</summary>
    [Parameter]
    [DelimiterTransformation]
    public char? Delimiter { get; set; }

    /// <summary>The encoding of a file: utf-8, utf-16, windows-1252 and so on. Without it a byte-order mark decides, else it is UTF-8.</summary>
    [Parameter]
    [EncodingTransformation]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    [ValidateNotNull]
    public Encoding? Encoding { get; set; }

    /// <summary>How many records of each source to read at most, for a trial.</summary>
    [Parameter]
    [ValidateRange(1, long.MaxValue)]
    public long? First { get; set; }

    /// <summary>The field that holds the primary key.</summary>
    private protected abstract string Key { get; }

    /// <summary>How files are read.</summary>
    private protected FileLayout FileLayout => _fileLayout ??= ReadLayout();

    /// <summary>How objects of the pipeline are read.</summary>
    private protected ObjectRecords Objects => _objects ??= new ObjectRecords(FileLayout, MyInvocation.MyCommand.Name);

    /// <summary>The field that the session knows to hold the primary key, where it made the connection; else nothing can be done.</summary>
    private protected string FindKnownKey()
    {
        if (!ActiveSession.TryGetKnown(TargetConnection, out var known))
        {
            ThrowTerminatingError(ErrorRecords.Argument("Name the field that holds the primary key with -KeyProperty.", null));
        }

        return known!.PrimaryKey;
    }

    /// <summary>
    /// Warns of columns that the last source for the same connection had. A header says it before anything is sent, so that
    /// -WarningAction Stop still helps.
    /// </summary>
    /// <returns>False when no field is known yet.</returns>
    private protected bool WarnOfMissing(IReadOnlyList<string> fields)
    {
        if (LastColumns.FindMissing(TargetConnection, fields) is { } warning)
        {
            WriteWarning(warning);
        }

        return fields.Count > 0;
    }

    private FileLayout ReadLayout()
    {
        var arguments = new SourceArguments
        {
            KeyProperty = Key,
            ColumnType = ColumnType,
            EmptyValue = EmptyValue,
            Property = Property,
            ExcludeProperty = ExcludeProperty,
            PropertyMap = PropertyMap,
            Delimiter = Delimiter,
            Encoding = Encoding,
            First = First,
        };
        try
        {
            return arguments.ToLayout();
        }
        catch (ArgumentException exception)
        {
            ThrowTerminatingError(ErrorRecords.Argument(exception.Message, null));
            throw;
        }
    }
}
