using System.Collections;
using System.Management.Automation;
using System.Security;
using OptimoveDC.Emulator;

namespace OptimoveDC.Cmdlets.Tests.Hosting;

/// <summary>
/// A shell with an open session to an emulator that the test watches from outside the module. The script sees
/// <c>$id</c>, a Data Connection whose primary key is <c>user_id</c>.
/// </summary>
public sealed class ConnectedShell : IAsyncDisposable
{
    private ConnectedShell(ShellSession shell, EmulatorServer server)
    {
        Shell = shell;
        Server = server;
        Brand = server.Service.AddBrand();
        Connection = server.Service.AddConnection(Brand, "customers", "user_id");
    }

    public ShellSession Shell { get; }

    public EmulatorServer Server { get; }

    public EmulatorOptions Options => Server.Options;

    public EmulatedBrand Brand { get; }

    public EmulatedConnection Connection { get; }

    /// <summary>The bodies of all requests so far, as text.</summary>
    public IReadOnlyList<string> Bodies => [.. Server.Service.Requests.Select(request => request.BodyText()!)];

    public static ConnectedShell Open(EmulatorOptions? options = null, string connectArguments = "", System.Management.Automation.Host.PSHost? host = null)
    {
        options ??= new EmulatorOptions();
        options.KeepBodies = true;
        var connected = new ConnectedShell(ShellSession.Open(host), EmulatorServer.Start(options));
        connected.Shell
            .Set("id", connected.Connection.Id)
            .Set("uri", connected.Server.BaseAddress)
            .Set("credential", connected.Credential());
        connected.Run($"Connect-Optimove -Uri $uri -Credential $credential {connectArguments}").EnsureSucceeded();
        return connected;
    }

    public PSCredential Credential() => new(Brand.BrandKey.ToString(), Secret(Brand.ApiKey));

    public static SecureString Secret(string text)
    {
        var secret = new SecureString();
        foreach (var character in text)
        {
            secret.AppendChar(character);
        }

        return secret;
    }

    public ShellRun Run(string script, IEnumerable? input = null) => Shell.Run(script, input);

    /// <summary>Pipes input straight into one command with arguments, as a pipeline would.</summary>
    public ShellRun Pipe(IEnumerable input, string command) => Shell.Set("piped", input).Run("$piped | " + command);

    /// <summary>Rows as <c>Import-Csv</c> gives them: note properties of text, and its type name.</summary>
    public static IReadOnlyList<PSObject> CsvRows(params (string Name, string? Value)[][] rows) =>
        [.. rows.Select(row =>
        {
            var made = new PSObject();
            made.TypeNames.Insert(0, "CSV:System.Management.Automation.PSCustomObject");
            foreach (var (name, value) in row)
            {
                made.Properties.Add(new PSNoteProperty(name, value));
            }

            return made;
        })];

    public async ValueTask DisposeAsync()
    {
        await Shell.DisposeAsync();
        await Server.DisposeAsync();
    }
}
