using System.Globalization;
using OptimoveDC.Cmdlets.Tests.Hosting;
using OptimoveDC.Emulator;
using OptimoveDC.Picture.Terminal;

namespace OptimoveDC.Cmdlets.Tests.Shell;

/// <summary>
/// Somebody at the prompt of the demo's shell, in a terminal, with the module loaded and a session with an emulator that the
/// test watches from outside. PSReadLine is not there, so what is seen is the shell's own.
/// </summary>
public sealed class PromptSession : IAsyncDisposable
{
    private const string Prompt = "PS>";
    private const int Rows = 300;

    // Bounds for what must happen at all; how long it takes on a busy machine is not what is tested.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly TerminalSession _terminal;

    private PromptSession(TerminalSession terminal, EmulatorServer server, EmulatedConnection connection, TemporaryFolder folder)
    {
        _terminal = terminal;
        Server = server;
        Connection = connection;
        Folder = folder;
    }

    internal EmulatorServer Server { get; }

    /// <summary>The session's Data Connection; its primary key is <c>user_id</c>.</summary>
    internal EmulatedConnection Connection { get; }

    /// <summary>The folder that the prompt is in.</summary>
    internal TemporaryFolder Folder { get; }

    /// <summary>What the screen shows, row by row.</summary>
    internal IReadOnlyList<string> Screen => _terminal.Look(screen => screen.Rows);

    /// <summary>What each row showed, and until when.</summary>
    internal IReadOnlyList<ScreenLine> History => _terminal.Look(screen => (IReadOnlyList<ScreenLine>)[.. screen.Lines]);

    /// <summary>Opens a terminal, and waits for its prompt.</summary>
    internal static async Task<PromptSession> OpenAsync(int columns)
    {
        var server = EmulatorServer.Start(new EmulatorOptions { KeepBodies = true });
        var folder = new TemporaryFolder();
        var brand = server.Service.AddBrand();
        var connection = server.Service.AddConnection(brand, "customers", "user_id");
        var start = folder.Write("start.ps1", string.Create(CultureInfo.InvariantCulture, $$"""
            function prompt { '{{Prompt}} ' }
            Set-Location '{{folder.Path}}'
            Import-Module '{{PackagedModule.Manifest}}'
            Connect-Optimove -Uri '{{server.BaseAddress}}' -DataConnectionId {{connection.Id}}
            """));
        var terminal = TerminalSession.Start($"'{BuiltProgram.Shell}' -NoProfile -NoLogo -NoExit -Command \". '{start}'\"", columns, Rows, new Dictionary<string, string?>
        {
            ["OPTIMOVE_API_KEY"] = brand.ApiKey,
            ["OPTIMOVE_BRAND_KEY"] = brand.BrandKey.ToString(),
            ["XDG_DATA_HOME"] = folder.Path,
            ["PSModulePath"] = null,
        });
        var session = new PromptSession(terminal, server, connection, folder);
        await session.AwaitPromptAsync(0);
        return session;
    }

    /// <summary>Types a line and Enter.</summary>
    internal void Enter(string line) => _terminal.Type(line + "\r");

    /// <summary>Presses Ctrl+C.</summary>
    internal void Interrupt() => _terminal.Type("\u0003");

    /// <summary>Types a line, and waits for the next prompt.</summary>
    /// <returns>The rows that the line made the shell write.</returns>
    internal async Task<IReadOnlyList<string>> RunAsync(string line)
    {
        var before = Screen.Count;
        Enter(line);
        await AwaitPromptAsync(before);
        return [.. Screen.Skip(before).SkipLast(1)];
    }

    /// <summary>Waits until the cursor is at a prompt below some rows.</summary>
    internal Task AwaitPromptAsync(int rows) => AwaitAsync(screen => screen.CursorRow == Prompt && screen.Rows.Count > rows);

    /// <summary>Waits until the row that the cursor is in ends with the mark of a question, below some rows.</summary>
    internal Task AwaitQuestionAsync(int rows) =>
        AwaitAsync(screen => screen.CursorRow.EndsWith("(default is \"Y\"):", StringComparison.Ordinal) && screen.Rows.Count > rows);

    public async ValueTask DisposeAsync()
    {
        await _terminal.DisposeAsync();
        await Server.DisposeAsync();
        Folder.Dispose();
    }

    private async Task AwaitAsync(Func<TerminalScreen, bool> condition)
    {
        using var timeout = new CancellationTokenSource(Limit);
        while (!_terminal.Look(condition))
        {
            if (timeout.IsCancellationRequested)
            {
                Assert.Fail("The terminal does not show what the test waits for:\n" + string.Join('\n', Screen));
            }

            await Task.Delay(20, CancellationToken.None);
        }
    }

    /// <summary>A session for each width, opened when it is first needed: to start a shell takes longer than a test does.</summary>
    public sealed class Pool : IAsyncDisposable
    {
        private readonly Dictionary<int, PromptSession> _sessions = [];

        internal async Task<PromptSession> OpenAsync(int columns)
        {
            Assert.SkipWhen(TerminalSession.MissingReason is not null, TerminalSession.MissingReason ?? "");
            if (!_sessions.TryGetValue(columns, out var session))
            {
                _sessions[columns] = session = await PromptSession.OpenAsync(columns);
            }

            session.Server.Options.Latency = TimeSpan.Zero;
            session.Server.Options.FaultPlan = null;
            return session;
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var session in _sessions.Values)
            {
                await session.DisposeAsync();
            }
        }
    }
}
