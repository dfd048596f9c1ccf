using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace OptimoveDC.Cmdlets.Tests.Hosting;

/// <summary>
/// An SSH server on loopback that a test owns: its keys, its configuration and its known hosts are in a temporary folder. It
/// starts the demo's shell for PowerShell remoting. The names <c>load1</c>, <c>load2</c>… reach it, as an entry in
/// <c>~/.ssh/config</c> would let a user's <c>Invoke-Command -HostName</c> reach other machines.
/// </summary>
public sealed partial class SshServer : IAsyncLifetime
{
    private const int Attempts = 5;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();
    private readonly string? _path = Environment.GetEnvironmentVariable("PATH");
    private Process? _server;

    /// <summary>Why there is no server; null where there is one.</summary>
    public string? Absence { get; private set; }

    /// <summary>The service that <c>Connect-Optimove</c> means in the remote sessions that are opened from now on.</summary>
    /// <remarks>Defaults of the session that calls <c>Invoke-Command</c> stay there.</remarks>
    public Uri Service
    {
        set => _folder.Write("defaults.ps1", $"$PSDefaultParameterValues['Connect-Optimove:Uri'] = '{value}'\n");
    }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (OperatingSystem.IsWindows())
        {
            Absence = "The SSH server of Windows is a service, and no program for a test to start.";
            return;
        }

        var (server, client) = (Find("sshd"), Find("ssh"));
        if (server is null || client is null || Find("ssh-keygen") is null)
        {
            Absence = $"There is no {(server is null ? "sshd (OpenSSH server)" : "ssh (OpenSSH client)")} on this machine.";
            return;
        }

        await MakeKeyAsync("host");
        await MakeKeyAsync("user");
        WriteSubsystem();
        MakePrivilegeSeparationFolder();
        await ListenAsync(server);
        WriteClient(client);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Environment.SetEnvironmentVariable("PATH", _path);
        if (_server is { } server)
        {
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync();
            server.Dispose();
        }

        _folder.Dispose();
    }

    // Most users' PATH lacks the folders of the system's programs.
    private string? Find(string program) => $"{_path}:/usr/local/sbin:/usr/sbin:/sbin"
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);

    private async Task MakeKeyAsync(string name)
    {
        var (code, _, errors) = await BuiltProgram.RunFileAsync(Find("ssh-keygen")!, "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", At(name));
        Assert.True(code == 0, errors);
    }

    // The shell with the options of docs/scale.md, and what only a test wants: the emulator for the service, and checkpoints
    // apart from those of whoever runs the tests.
    private void WriteSubsystem() => WriteProgram("powershell", $"""
        export XDG_DATA_HOME='{UserData.Folder}' DOTNET_ROOT='{DotnetRoot}' POWERSHELL_TELEMETRY_OPTOUT=1
        exec '{BuiltProgram.Shell}' {DocumentedOptions()} -Command ". '{At("defaults.ps1")}'"
        """);

    private static string DocumentedOptions()
    {
        var page = File.ReadAllText(Path.Combine(PackagedModule.RepositoryRoot, "docs", "scale.md"));
        var line = SubsystemLine().Match(page);
        Assert.True(line.Success, "docs/scale.md no longer says how a machine is set up for remoting.");
        return line.Groups[1].Value;
    }

    // A session has an environment of its own. This dotnet may be one that only the variable finds.
    private static string DotnetRoot => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    // Invoke-Command takes the first ssh of the PATH.
    private void WriteClient(string client)
    {
        var folder = Directory.CreateDirectory(At("bin")).FullName;
        WriteProgram("bin/ssh", $"""exec '{client}' -F '{At("ssh_config")}' "$@" """);
        Environment.SetEnvironmentVariable("PATH", folder + Path.PathSeparator + _path);
    }

    private void WriteProgram(string name, string commands)
    {
        var path = _folder.Write(name, "#!/bin/sh\n" + commands + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    // A server that root starts needs it; where the system starts none, nothing has made it.
    private static void MakePrivilegeSeparationFolder()
    {
        if (Environment.IsPrivilegedProcess && Directory.Exists("/run"))
        {
            Directory.CreateDirectory("/run/sshd");
        }
    }

    // A free port may be taken by somebody else before the server has it.
    private async Task ListenAsync(string server)
    {
        var log = new List<string>();
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            WriteConfiguration(FreePort());
            var process = Process.Start(new ProcessStartInfo(server, ["-D", "-e", "-f", At("sshd_config")]) { RedirectStandardError = true })!;
            try
            {
                using var timeout = new CancellationTokenSource(Limit);
                while (await process.StandardError.ReadLineAsync(timeout.Token) is { } line)
                {
                    log.Add(line);
                    if (line.StartsWith("Server listening", StringComparison.Ordinal))
                    {
                        _server = process;
                        _ = process.StandardError.ReadToEndAsync(CancellationToken.None);
                        return;
                    }
                }
            }
            finally
            {
                if (_server is null)
                {
                    process.Kill();
                    process.Dispose();
                }
            }
        }

        Assert.Fail($"The SSH server did not start:{Environment.NewLine}{string.Join(Environment.NewLine, log)}");
    }

    private void WriteConfiguration(int port)
    {
        _folder.Write("sshd_config", string.Create(CultureInfo.InvariantCulture, $"""
            ListenAddress 127.0.0.1
            Port {port}
            HostKey {At("host")}
            AuthorizedKeysFile {At("user.pub")}
            PidFile {At("sshd.pid")}
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            PermitRootLogin prohibit-password
            UsePAM no
            # The folder of temporary files is everybody's.
            StrictModes no
            Subsystem powershell {At("powershell")}
            # Bash then doesn't read the .bashrc of whoever runs the tests.
            SetEnv SHLVL=1

            """));
        _folder.Write("known_hosts", string.Create(CultureInfo.InvariantCulture, $"[127.0.0.1]:{port} {File.ReadAllText(At("host.pub"))}"));
        _folder.Write("ssh_config", string.Create(CultureInfo.InvariantCulture, $"""
            Host load*
              HostName 127.0.0.1
              Port {port}
              IdentityFile {At("user")}
              IdentitiesOnly yes
              UserKnownHostsFile {At("known_hosts")}
              GlobalKnownHostsFile none
              StrictHostKeyChecking yes
              BatchMode yes

            """));
    }

    private string At(string name) => Path.Combine(_folder.Path, name);

    [GeneratedRegex(@"^Subsystem powershell /usr/bin/pwsh ([\w -]+)$", RegexOptions.Multiline)]
    private static partial Regex SubsystemLine();

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
