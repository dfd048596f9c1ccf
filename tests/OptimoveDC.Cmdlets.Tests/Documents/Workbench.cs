using System.Globalization;
using System.IO.Compression;
using OptimoveDC.Cmdlets.Tests.Hosting;
using OptimoveDC.Emulator;

namespace OptimoveDC.Cmdlets.Tests.Documents;

/// <summary>
/// What a reader of the documents has before he tries a block of them: an open session, a Data Connection with sixty
/// customers in it (<c>$id</c>), a credential, two imports that were broken off, a table with the same customers (<c>$table</c>), a
/// database command that reads them (<c>$command</c>), and in the current folder the files that the documents name.
/// </summary>
public sealed class Workbench : IAsyncDisposable
{
    private static readonly string Surroundings = Path.Combine(PackagedModule.RepositoryRoot, "tests", "pester", "Surroundings.ps1");

    private readonly TemporaryFolder _folder = new();
    private readonly ConnectedShell _shell;
    private readonly ScreenHost _host = new([.. Enumerable.Repeat("Yes", 50)]);
    private bool _isRefusing;

    private Workbench()
    {
        ForgetEarlierImports();
        _shell = ConnectedShell.Open(new EmulatorOptions { FaultPlan = _ => _isRefusing ? new Fault { StatusCode = 401 } : null }, host: _host);
        WriteFiles();
        _shell.Shell.Set("folder", _folder.Path);
        _host.Credential = _shell.Credential();
        _shell.Shell.Set("surroundings", Surroundings).Set("exampleCredential", _host.Credential);
        _shell.Run("""
            . $surroundings
            Set-Location $folder
            $null = Import-OptimoveData -Path customers.csv -DataConnectionId $id -KeyProperty user_id
            $emulator = $null
            Open-ExampleDatabase
            """).EnsureSucceeded();
        BreakOff("broken-off.csv", "");
        BreakOff("week-1.csv", "-CheckpointPath week-1.checkpoint");
        RequestsBefore = _shell.Server.Service.RequestCount;
    }

    /// <summary>The shell, and the emulator that it speaks to.</summary>
    public ConnectedShell Shell => _shell;

    /// <summary>How many requests it took to prepare.</summary>
    public long RequestsBefore { get; }

    public static Workbench Open() => new();

    /// <summary>Runs a block as it stands.</summary>
    public ShellRun Run(PowerShellBlock block)
    {
        // Who connects to the service means the emulator here. (An emulator of the block's own needs no help, and a
        // default would stand in the way of one that comes down the pipeline.)
        _shell.Run(block.Script.Contains("Start-OptimoveEmulator", StringComparison.Ordinal)
            ? "$PSDefaultParameterValues = @{}"
            : "$PSDefaultParameterValues = @{ 'Connect-Optimove:Uri' = $uri }").EnsureSucceeded();
        return _shell.Run(block.Script);
    }

    /// <summary>Runs a script of the examples that loads the sixty customers.</summary>
    public ShellRun RunExample(string script, string arguments)
    {
        _shell.Shell.Set("script", Path.Combine(PackagedModule.RepositoryRoot, "examples", script));
        _shell.Run("$PSDefaultParameterValues = @{ 'Connect-Optimove:Uri' = $uri }").EnsureSucceeded();
        return _shell.Run($"& $script -Path ([System.IO.Path]::Combine($folder, 'customers.csv')) -KeyProperty user_id -DataConnectionId $id {arguments}");
    }

    /// <summary>A batch has all sixty customers and was completed by its last request.</summary>
    public void AssertWhole(Guid batchId)
    {
        var batch = _shell.Connection.Batches.Single(candidate => candidate.Id == batchId);
        Assert.Equal((true, 0), (batch.Completed, batch.RequestsAfterCompletion));
        Assert.Equal(60, _shell.Connection.Arrivals.Where(arrival => arrival.BatchId == batchId).Select(arrival => arrival.KeyJson).Distinct().Count());
    }

    public async ValueTask DisposeAsync()
    {
        await _shell.DisposeAsync();
        _folder.Dispose();
    }

    // An import that the service refused half-way: it leaves a checkpoint to go on from.
    private void BreakOff(string file, string arguments)
    {
        _isRefusing = true;
        var run = _shell.Run($"$null = Import-OptimoveData -Path {file} -DataConnectionId $id -KeyProperty user_id -BatchSize 10 {arguments} -ErrorAction SilentlyContinue");
        _isRefusing = false;
        Assert.Equal("Optimove.AuthenticationFailed", run.LastError.FullyQualifiedErrorId.Split(',')[0]);
    }

    // Other tests have left some; here nobody runs beside this one.
    private static void ForgetEarlierImports()
    {
        foreach (var folder in Directory.EnumerateDirectories(UserData.Folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private void WriteFiles()
    {
        string[] cities = ["Köln", "Lyon", "\"New York, NY\""];
        var rows = Enumerable.Range(1, 60).Select(number => string.Create(
            CultureInfo.InvariantCulture,
            $"{number:D7},{number}.50,{(number % 10 == 0 ? "gold" : "member")},{cities[number % 3]}\n")).ToList();
        Write("customers.csv", rows);
        Write("week-1.csv", rows.Take(30));
        Write("week-2.csv", rows.Skip(30));
        Write("broken-off.csv", rows);
        Pack("customers.csv", "customers.csv.gz");
        Write("returns.csv", ["0000007,0.00,member,Lyon\n"]);
        Write("inactive.csv", ["0000025,25.50,member,Lyon\n", "0000050,50.50,gold,Köln\n"]);
        Directory.CreateDirectory(Path.Combine(_folder.Path, "exports"));
        Write("exports/north.csv", rows.Take(5));
        Write("exports/south.csv", rows.Skip(55));
        _folder.Write("rejects.ndjson", """{"user_id":"0000003","purchase_amount":"3.00","_optimove_reject":{"reason":"it was mended"}}""" + "\n");
        _folder.Write("keys.txt", "0000001\n0000002\n");
        _folder.Write("customers.json", """[{"user_id":"0000042","purchase_amount":12.5,"tags":["new","web"]},{"user_id":"0000043","purchase_amount":99,"tags":[]}]""");
    }

    private void Pack(string from, string to)
    {
        using var file = File.Create(Path.Combine(_folder.Path, to));
        using var gzip = new GZipStream(file, CompressionLevel.Fastest);
        gzip.Write(File.ReadAllBytes(Path.Combine(_folder.Path, from)));
    }

    private void Write(string name, IEnumerable<string> rows) =>
        _folder.Write(name, "user_id,purchase_amount,tier,city\n" + string.Concat(rows));
}
