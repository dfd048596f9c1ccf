using System.Collections;
using System.Management.Automation;
using System.Text;
using OptimoveDC.Cmdlets.Arguments;
using OptimoveDC.Cmdlets.Completion;
using OptimoveDC.Cmdlets.Errors;
using OptimoveDC.Cmdlets.Loading;
using OptimoveDC.Cmdlets.Pipeline;
using OptimoveDC.Cmdlets.Records;
using OptimoveDC.Cmdlets.Tables;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Records;
using OptimoveDC.Core.Records.Files;
using OptimoveDC.Core.Records.Inspection;

namespace OptimoveDC.Cmdlets.Inspection;

/// <summary>
/// Reads a source as Import-OptimoveData would and sends nothing: what would be rejected, what looks wrong, and how
/// long the import takes at least. Neither a session nor a network is needed. Keys that come twice are found among any
/// number of them: they are kept in 256 parts, in a temporary file that only you can read where they are many, and
/// compared byte for byte, a part at a time.
/// </summary>
[Cmdlet(VerbsDiagnostic.Test, "OptimoveData", DefaultParameterSetName = PathSet)]
[OutputType(typeof(DataTestResult), typeof(DataFinding))]
public sealed class TestOptimoveDataCommand : AsyncCmdlet
{
    private const string PipelineSet = "Pipeline";
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";
    private readonly SourceFiles _files;
    private FileLayout? _layout;
    private DataTest? _test;
    private ObjectRecords? _objects;
    private long _position;

    /// <summary>Makes the cmdlet.</summary>
    public TestOptimoveDataCommand() => _files = new SourceFiles(this);

    /// <summary>Files to read; wildcards are allowed. Each file is a source with a result of its own.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Files to read, each name taken as it stands.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath", "LP")]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>A record (an object or a dictionary), or a file as Get-ChildItem gives it.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = PipelineSet)]
    [AllowNull]
    public object? InputObject { get; set; }

    /// <summary>The field that holds the primary key, by its name in the source or by the one it is sent under.</summary>
    [Parameter(Mandatory = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ColumnNameCompleter))]
    public string KeyProperty { get; set; } = "";

    /// <summary>How primary keys are written.</summary>
    [Parameter]
    public KeyType KeyType { get; set; }

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

    /// <summary>The most records in a request of the import.</summary>
    [Parameter]
    [ValidateRange(1, LoadPlan.UploadCeiling)]
    public int BatchSize { get; set; } = LoadPlan.UploadCeiling;

    /// <summary>How many requests a second the service takes, to reckon the least duration with; documented are 50 in 10 seconds.</summary>
    [Parameter]
    [ValidateRange(0.001, 100_000.0)]
    public double RequestsPerSecond { get; set; } = DataTestPlan.DocumentedRequestsPerSecond;

    /// <summary>Gives each finding as an object of its own before the result. Those about keys that come twice are last.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    private FileLayout Layout => _layout ??= ReadLayout();

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == PipelineSet)
        {
            foreach (var input in TableSource.Split(InputObject))
            {
                TakeInput(input);
            }

            return;
        }

        foreach (var file in ParameterSetName == PathSet ? _files.Resolve(Path) : _files.ResolveLiteral(LiteralPath))
        {
            TestFile(file);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_test is not { } test)
        {
            return;
        }

        if (First is null)
        {
            test.AddRemarks(_objects!.Remarks);
        }

        if (_objects!.SkippedRows is { } skipped)
        {
            WriteWarning(skipped);
        }

        Finish(test);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && _test is not null)
        {
            AwaitSilently(_test.DisposeAsync().AsTask());
            _test = null;
        }

        base.Dispose(disposing);
    }

    private void TakeInput(object? input)
    {
        if ((input is PSObject wrapped ? wrapped.BaseObject : input) is FileInfo file)
        {
            TestFile(file.FullName);
            return;
        }

        if (TableSource.Find(input) is { } table)
        {
            TestSource(TableSource.NameOf(table), layout => Task.FromResult(TableSource.Open(table, layout)));
            return;
        }

        if (_position >= (First ?? long.MaxValue))
        {
            return;
        }

        if (_test is null)
        {
            _test = Start(LoadCmdlet.PipelineName);
            _objects = new ObjectRecords(_test.Watch(Layout), MyInvocation.MyCommand.Name);
        }

        _objects!.Write(_test.Writer, ++_position, input);
        if (_test.HasSealed)
        {
            Await(_test.HandOverAsync(StopToken).AsTask());
        }

        WriteFindings(_test);
    }

    private void TestFile(string path) => TestSource(path, layout => RecordFile.OpenAsync(path, layout, StopToken));

    private void TestSource(string name, Func<FileLayout, Task<IRecordSource>> open)
    {
        var test = Start(name);
        IRecordSource? source = null;
        try
        {
            source = Open(open, test);
            while (source is not null && Await(Task.Run(() => test.ReadOnAsync(source, StopToken), CancellationToken.None)))
            {
                WriteFindings(test);
            }

            foreach (var warning in source is null ? [] : TableSource.WarningsOf(source))
            {
                WriteWarning(warning);
            }

            Finish(test);
        }
        finally
        {
            if (source is not null)
            {
                AwaitSilently(source.DisposeAsync().AsTask());
            }

            AwaitSilently(test.DisposeAsync().AsTask());
        }
    }

    private IRecordSource? Open(Func<FileLayout, Task<IRecordSource>> open, DataTest test)
    {
        var layout = test.Watch(Layout);
        try
        {
            return Await(open(layout));
        }
        catch (SourceException exception)
        {
            test.Fail(exception);
            return null;
        }
    }

    private void Finish(DataTest test)
    {
        Await(Task.Run(() => test.EndReadingAsync(StopToken), CancellationToken.None));
        do
        {
            StopToken.ThrowIfStopped();
            WriteFindings(test);
        }
        while (Await(Task.Run(test.LookThroughKeys, StopToken)));

        WriteFindings(test);
        WriteObject(test.Summarize());
    }

    private void WriteFindings(DataTest test)
    {
        foreach (var finding in test.TakeFindings())
        {
            WriteObject(finding);
        }
    }

    private DataTest Start(string source) => new(new DataTestPlan
    {
        Source = source,
        KeyType = KeyType,
        BatchSize = BatchSize,
        RequestsPerSecond = RequestsPerSecond,
        IsDetailed = Detailed,
    });

    private FileLayout ReadLayout()
    {
        var arguments = new SourceArguments
        {
            KeyProperty = KeyProperty,
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
