using System.Management.Automation;
using System.Security;
using OptimoveDC.Cmdlets.Arguments;
using OptimoveDC.Cmdlets.Errors;
using OptimoveDC.Core.Api;
using OptimoveDC.Core.Http;

namespace OptimoveDC.Cmdlets.Sessions;

/// <summary>Opens a session for this runspace. No request is made: the first one that is shows whether the keys are good.</summary>
[Cmdlet(VerbsCommunications.Connect, "Optimove", DefaultParameterSetName = EnvironmentSet)]
[OutputType(typeof(Session))]
public sealed class ConnectOptimoveCommand : PSCmdlet
{
    private const string EnvironmentSet = "EnvironmentVariable";
    private const string CredentialSet = "Credential";
    private const string KeySet = "Key";
    private const string SecretSet = "Secret";
    private const string EmulatorSet = "Emulator";

    /// <summary>The keys: the user name is the brand key, the password the API key.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = CredentialSet)]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>The API key.</summary>
    [Parameter(Mandatory = true, ParameterSetName = KeySet)]
    [SecretTransformation]
    public SecureString? ApiKey { get; set; }

    /// <summary>The brand's UUID.</summary>
    [Parameter(Mandatory = true, ParameterSetName = KeySet)]
    [Parameter(ParameterSetName = SecretSet)]
    public Guid BrandKey { get; set; }

    /// <summary>The name of a secret in SecretManagement: a credential, or an API key with -BrandKey.</summary>
    [Parameter(Mandatory = true, ParameterSetName = SecretSet)]
    [ValidateNotNullOrEmpty]
    public string? SecretName { get; set; }

    /// <summary>The vault of the secret; SecretManagement's own choice when none is given.</summary>
    [Parameter(ParameterSetName = SecretSet)]
    [ValidateNotNullOrEmpty]
    public string? Vault { get; set; }

    /// <summary>A running emulator; its keys are its own.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = EmulatorSet)]
    public EmulatorInstance? Emulator { get; set; }

    /// <summary>Production, or Staging where the account has it.</summary>
    [Parameter(ParameterSetName = EnvironmentSet)]
    [Parameter(ParameterSetName = CredentialSet)]
    [Parameter(ParameterSetName = KeySet)]
    [Parameter(ParameterSetName = SecretSet)]
    [ValidateSet("Production", "Staging")]
    public ServiceEnvironment Environment { get; set; }

    /// <summary>Another address: a proxy, a gateway. Plain http is accepted to this machine alone.</summary>
    [Parameter(ParameterSetName = EnvironmentSet)]
    [Parameter(ParameterSetName = CredentialSet)]
    [Parameter(ParameterSetName = KeySet)]
    [Parameter(ParameterSetName = SecretSet)]
    public Uri? Uri { get; set; }

    /// <summary>The Data Connection of every call that names none.</summary>
    [Parameter]
    [DataConnectionIdTransformation]
    public Guid? DataConnectionId { get; set; }

    /// <summary>How primary keys are written by every call that doesn't say.</summary>
    [Parameter]
    public KeyType KeyType { get; set; }

    /// <summary>The proxy to go through; the system's own when none is given.</summary>
    [Parameter]
    public Uri? Proxy { get; set; }

    /// <summary>The proxy's credentials.</summary>
    [Parameter]
    [Credential]
    public PSCredential? ProxyCredential { get; set; }

    /// <summary>How long one attempt of a request may take, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int TimeoutSec { get; set; } = 100;

    /// <summary>The rate to keep from the first request on, for those who know their limit; learned from the service's answers when left out.</summary>
    [Parameter]
    [ValidateRange(TransportOptions.LeastRequestsPerSecond, TransportOptions.MostRequestsPerSecond)]
    public double? RequestsPerSecond { get; set; }

    /// <summary>Writes the session, for -Session of the other cmdlets.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var address = ResolveAddress();
        if (Proxy is { IsAbsoluteUri: true, UserInfo.Length: > 0 })
        {
            // Messages of the network name the proxy by its address, with all that stands in it.
            throw Terminate("-Proxy must not carry a user name or a password: give them with -ProxyCredential, which keeps them protected.", null);
        }

        var options = new TransportOptions
        {
            AttemptTimeout = TimeSpan.FromSeconds(TimeoutSec),
            RequestsPerSecond = RequestsPerSecond,
            Proxy = Proxy,
            ProxyCredential = ProxyCredential?.GetNetworkCredential(),
        };
        var (keys, brandKeyEnding) = ParameterSetName == SecretSet ? ReferToSecret(address, options) : Open(address, options);
        var session = new Session(keys)
        {
            Environment = ParameterSetName == EmulatorSet ? ServiceEnvironment.Emulator : Uri is null ? Environment : ServiceEnvironment.Custom,
            Uri = address.Uri,
            BrandKeyEnding = brandKeyEnding,
            SecretName = SecretName,
            Vault = Vault,
            DataConnectionId = DataConnectionId,
            KeyType = KeyType,
            TimeoutSec = TimeoutSec,
            ConnectedAt = DateTimeOffset.Now,
        };
        RunspaceSession.Current = session;
        if (PassThru)
        {
            WriteObject(session);
        }
    }

    private (IDisposable Keys, string BrandKeyEnding) Open(ServiceAddress address, TransportOptions options)
    {
        var credential = ResolveCredential();
        return (new DataConnectionsClient(new ApiTransport(address, credential, options)), credential.BrandKeyEnding);
    }

    private (IDisposable Keys, string BrandKeyEnding) ReferToSecret(ServiceAddress address, TransportOptions options)
    {
        if (!SecretVault.IsThere(this))
        {
            throw Terminate(
                "SecretManagement is not installed, and -SecretName needs it. Run: Install-PSResource Microsoft.PowerShell.SecretManagement",
                SecretName);
        }

        Guid? brandKey = MyInvocation.BoundParameters.ContainsKey(nameof(BrandKey)) ? BrandKey : null;
        return (
            new StoredKeys(address, options) { SecretName = SecretName!, Vault = Vault, BrandKey = brandKey },
            brandKey is null ? "" : ApiCredential.EndingOf(brandKey.Value));
    }

    private ServiceAddress ResolveAddress()
    {
        try
        {
            return ParameterSetName == EmulatorSet ? ServiceAddress.Parse(Emulator!.Uri)
                : Uri is not null ? ServiceAddress.Parse(Uri)
                : Environment == ServiceEnvironment.Staging ? ServiceAddress.Staging
                : ServiceAddress.Production;
        }
        catch (FormatException exception)
        {
            throw Terminate(exception.Message, null);
        }
    }

    private ApiCredential ResolveCredential()
    {
        var (apiKey, brandKey) = ParameterSetName switch
        {
            KeySet => (ApiKey!, BrandKey),
            EmulatorSet => (Emulator!.ApiKey, Emulator.BrandKey),
            CredentialSet => (Credential!.Password, ReadBrandKey(Credential)),
            _ => (
                EnvironmentKeys.ReadApiKey() ?? throw Terminate(
                    $"There are no keys: give -Credential (user name = brand key, password = API key), or set {EnvironmentKeys.ApiKeyName} and {EnvironmentKeys.BrandKeyName} in the environment.",
                    null),
                ParseBrandKey(EnvironmentKeys.BrandKey, $"The environment variable {EnvironmentKeys.BrandKeyName}")),
        };
        try
        {
            return new ApiCredential(apiKey, brandKey);
        }
        catch (FormatException exception)
        {
            throw Terminate(exception.Message, null);
        }
    }

    private Guid ReadBrandKey(PSCredential credential) =>
        BrandCredential.TryReadBrandKey(credential, "-Credential", out var key, out var reason) ? key : throw Terminate(reason, null);

    // What stands there instead of a brand key may be the API key: it is not repeated.
    private Guid ParseBrandKey(string? text, string where) =>
        Guid.TryParse(text, out var key) ? key : throw Terminate($"{where} is not a brand key: it must be the brand's UUID.", null);

    private PipelineStoppedException Terminate(string message, object? target)
    {
        ThrowTerminatingError(ErrorRecords.Argument(message, target));
        return new PipelineStoppedException();
    }
}
