using System.Data;
using System.Globalization;
using System.Management.Automation;
using System.Security;
using OptimoveDC.Benchmarks.Data;

namespace OptimoveDC.Benchmarks.Workers;

/// <summary>A shell with the packaged module in it and an open session with the sink: the product as a user runs it.</summary>
internal sealed class ModuleWorker : IWorker
{
    internal const string Kind = "module";

    private const string ImportFile =
        "Import-OptimoveData -LiteralPath $path -DataConnectionId $id -KeyProperty customer_id -BatchSize $batchSize";

    private const string Keyed = "-DataConnectionId $id -KeyProperty customer_id";

    private const string ImportObjects = "$rows | Import-OptimoveData " + Keyed;

    private const string ImportReader = "Import-OptimoveData -InputObject $reader " + Keyed;

    private const string TestFile = "Test-OptimoveData -LiteralPath $path -KeyProperty customer_id";

    private const string SyncFile = "Sync-OptimoveData -LiteralPath $path -StatePath $state -DataConnectionId $id -KeyProperty customer_id";

    private readonly Shell _shell = new();

    /// <param name="service">The base address of the sink.</param>
    /// <param name="apiKey">The key it is spoken to with.</param>
    public ModuleWorker(string service, string apiKey)
    {
        _shell.Set("manifest", PackagedModule.Manifest);
        _shell.Set("empty", PackagedModule.EmptyModule);
        _shell.Set("uri", new Uri(service));
        _shell.Set("credential", new PSCredential(Guid.Empty.ToString(), Secret(apiKey)));
        _shell.Set("id", Guid.Parse("41ddf098-90b4-4a5d-a3d1-0fd8da3bfb89"));
        _shell.Run("Import-Module $manifest, $empty -ErrorAction Stop; Connect-Optimove -Uri $uri -Credential $credential");
        foreach (var name in (string[])["Import-OptimoveData", "Set-OptimoveRecord", "Remove-OptimoveRecord"])
        {
            _shell.Set(name + "-Twin", EmptyTwin.Of((Type)_shell.Run($"(Get-Command -Name {name}).ImplementingType").Single().BaseObject));
        }
    }

    public Task<WorkerResult> DoAsync(WorkerCommand command)
    {
        _shell.Set("path", command.Path);
        _shell.Set("batchSize", command.BatchSize);
        _shell.Set("state", command.State);
        return command.Do switch
        {
            "import" => command.ProfileAllocations ? ProfileAsync(ImportFile) : Load(ImportFile),
            "stream" => Stream(command.Count),
            "hold" => Hold(command.Count),
            "hold-rows" => HoldRows(command.Count),
            "reader-import" => Measuring.Measure(() => CustomerDatabase.Read(command.Path!, ImportFrom)),
            "reader-drain" => Measuring.Measure(() => CustomerDatabase.Read(command.Path!, CustomerDatabase.Drain)),
            "pipe-empty" => Skip("$rows | Skip-Object"),
            "pipe-import" => command.ProfileAllocations ? ProfileAsync(ImportObjects) : Load(ImportObjects),
            "pipe-set" => Load($"$rows | Set-OptimoveRecord {Keyed} -PassThru"),
            "pipe-remove" => Load($"$rows | Remove-OptimoveRecord {Keyed} -PassThru -Confirm:$false"),
            "pipe-import-twin" => Skip($"$rows | & ${{Import-OptimoveData-Twin}} {Keyed}"),
            "pipe-set-twin" => Skip($"$rows | & ${{Set-OptimoveRecord-Twin}} {Keyed} -PassThru"),
            "pipe-remove-twin" => Skip($"$rows | & ${{Remove-OptimoveRecord-Twin}} {Keyed} -PassThru -Confirm:$false"),
            "test" => Test(command.Count),
            "sync" => Sync("Sent", command.Count, requests: null),
            "sync-unchanged" => Sync("Unchanged", command.Count, requests: 0),
            _ => throw new ArgumentException($"The module worker can't «{command.Do}»."),
        };
    }

    public void Dispose() => _shell.Dispose();

    // The objects are there before the clock starts.
    private Task<WorkerResult> Hold(int count)
    {
        _shell.Set("rows", CustomerObjects.AtOnce(count));
        return Task.FromResult(new WorkerResult { Records = count });
    }

    private Task<WorkerResult> HoldRows(int count)
    {
        _shell.Set("rows", CustomerDatabase.Rows(count));
        return Task.FromResult(new WorkerResult { Records = count });
    }

    private long ImportFrom(IDataReader reader)
    {
        _shell.Set("reader", reader);
        return SentBy(ImportReader);
    }

    // The objects are made as the pipeline asks for them: how it is with a source larger than the memory.
    private Task<WorkerResult> Stream(int count)
    {
        _shell.Set("rows", CustomerObjects.Lazily(count));
        return Load(ImportObjects);
    }

    private Task<WorkerResult> Skip(string script) => Measuring.Measure(() => _shell.Run(script).Count);

    private Task<WorkerResult> Load(string script) => Measuring.Measure(() => SentBy(script));

    private long SentBy(string script)
    {
        var result = _shell.Run(script).Single();
        var sent = Count(result, "Sent");
        return LanguagePrimitives.IsTrue(result.Properties["Completed"].Value) && sent == Count(result, "Read")
            ? sent
            : throw new InvalidOperationException($"The load was not completed: {result}");
    }

    private async Task<WorkerResult> ProfileAsync(string script)
    {
        using var listener = new AllocationListener();
        var result = await Load(script).ConfigureAwait(false);
        return result with { AllocatedByType = listener.ByType };
    }

    private Task<WorkerResult> Test(int count) => _shell.Run("Get-Command -Name Test-OptimoveData -ErrorAction Ignore").Count == 0
        ? Task.FromResult(new WorkerResult { Unable = "no such cmdlet" })
        : Measuring.Measure(() =>
        {
            var result = _shell.Run(TestFile).Single(output => output.Properties["DistinctKeys"] is not null);
            return LanguagePrimitives.IsTrue(result.Properties["Passed"].Value) && Count(result, "Read") == count && Count(result, "DistinctKeys") == count
                ? count
                : throw new InvalidOperationException($"The test did not find {count} records with a key of their own each.");
        });

    // Every record has to be in the one count, and with nothing to send there may be no request.
    private Task<WorkerResult> Sync(string count, int records, long? requests) => Measuring.Measure(() =>
    {
        var result = _shell.Run(SyncFile).Single();
        return LanguagePrimitives.IsTrue(result.Properties["Completed"].Value) && Count(result, count) == records && (requests ?? Count(result, "Requests")) == Count(result, "Requests")
            ? records
            : throw new InvalidOperationException($"The sync did not have {records} records {count}.");
    });

    private static long Count(PSObject result, string name) => Convert.ToInt64(result.Properties[name].Value, CultureInfo.InvariantCulture);

    private static SecureString Secret(string text)
    {
        var secret = new SecureString();
        foreach (var character in text)
        {
            secret.AppendChar(character);
        }

        return secret;
    }
}
