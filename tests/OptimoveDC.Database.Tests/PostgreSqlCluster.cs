using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;

namespace OptimoveDC.Database.Tests;

/// <summary>
/// A PostgreSQL server of the tests' own: a new cluster in a temporary folder, on a free loopback port, gone afterwards.
/// Where the server's programs are missing, <see cref="Absence"/> says so.
/// </summary>
public sealed class PostgreSqlCluster : IAsyncLifetime
{
    private const int MostPorts = 5;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly string? _programs = FindPrograms();
    private readonly (string User, string Group)? _owner = Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows() ? FindOwner() : null;
    private string _folder = "";
    private bool _isRunning;

    /// <summary>Why there is no server; null when there is one.</summary>
    public string? Absence =>
        _programs is null ? "PostgreSQL's initdb and pg_ctl are neither in PATH nor in /usr/lib/postgresql."
        : Environment.IsPrivilegedProcess && _owner is null ? "PostgreSQL refuses to run as root, and there is no other user to run it as (postgres or nobody, through setpriv)."
        : null;

    public string ConnectionString { get; private set; } = "";

    private string Data => Path.Combine(_folder, "data");

    public async ValueTask InitializeAsync()
    {
        if (Absence is not null)
        {
            return;
        }

        _folder = Directory.CreateTempSubdirectory("optimove-postgresql-").FullName;
        var password = Path.Combine(_folder, "password");
        var secret = RandomNumberGenerator.GetHexString(32);
        await File.WriteAllTextAsync(password, secret);
        if (_owner is { } owner)
        {
            await RunAsync("chown", ["-R", $"{owner.User}:{owner.Group}", _folder]);
        }

        await RunServerProgramAsync("initdb", ["-D", Data, "-U", "tests", "--auth=scram-sha-256", $"--pwfile={password}", "--encoding=UTF8", "--locale=C", "--no-sync"]);
        var port = await StartAsync();
        ConnectionString = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = port,
            Username = "tests",
            Password = secret,
            Database = "postgres",
            Pooling = false,
        }.ConnectionString;
    }

    public async ValueTask DisposeAsync()
    {
        if (_isRunning)
        {
            await RunServerProgramAsync("pg_ctl", ["-D", Data, "-m", "immediate", "-w", "stop"]);
        }

        if (_folder.Length > 0)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    // Somebody else may take a free port before the server does.
    private async Task<int> StartAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            var port = FreePort();
            try
            {
                await RunServerProgramAsync("pg_ctl", [
                    "-D", Data, "-w", "-t", "60", "-l", Path.Combine(Data, "log"),
                    "-o", $"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off", "start"]);
                _isRunning = true;
                return port;
            }
            catch (InvalidOperationException) when (attempt < MostPorts)
            {
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string? FindPrograms()
    {
        var extension = OperatingSystem.IsWindows() ? ".exe" : "";
        var inPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        const string Debian = "/usr/lib/postgresql";
        var ofDebian = Directory.Exists(Debian)
            ? Directory.EnumerateDirectories(Debian).OrderByDescending(version => version.Length).ThenByDescending(version => version, StringComparer.Ordinal)
            : Enumerable.Empty<string>();
        return inPath.Concat(ofDebian.Select(version => Path.Combine(version, "bin")))
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb" + extension)) && File.Exists(Path.Combine(folder, "pg_ctl" + extension)));
    }

    // As the numbers of its user and group, which setpriv and chown both take.
    private static (string User, string Group)? FindOwner() =>
        !File.Exists("/usr/bin/setpriv") ? null : File.ReadLines("/etc/passwd")
            .Select(line => line.Split(':'))
            .Where(fields => fields is ["postgres" or "nobody", ..])
            .OrderByDescending(fields => fields[0], StringComparer.Ordinal)
            .Select(fields => ((string, string)?)(fields[2], fields[3]))
            .FirstOrDefault();

    private Task RunServerProgramAsync(string program, string[] arguments)
    {
        var path = Path.Combine(_programs!, program);
        return _owner is { } owner
            ? RunAsync("setpriv", [$"--reuid={owner.User}", $"--regid={owner.Group}", "--clear-groups", "--", path, .. arguments])
            : RunAsync(path, arguments);
    }

    // The server inherits the streams of pg_ctl and keeps them open, so the end of the program is what is waited for.
    private async Task RunAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = _folder, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var said = new System.Collections.Concurrent.ConcurrentQueue<string?>();
        process.OutputDataReceived += (_, line) => said.Enqueue(line.Data);
        process.ErrorDataReceived += (_, line) => said.Enqueue(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var limit = new CancellationTokenSource(Limit);
        while (!process.HasExited)
        {
            await Task.Delay(20, limit.Token);
        }

        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{Path.GetFileName(program)} ended with {process.ExitCode}: {string.Join(Environment.NewLine, said)}");
        }
    }
}
