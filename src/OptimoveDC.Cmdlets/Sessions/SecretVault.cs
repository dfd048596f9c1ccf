using System.Collections;
using System.Management.Automation;
using System.Security;
using OptimoveDC.Core.Http;

namespace OptimoveDC.Cmdlets.Sessions;

/// <summary>Reads keys through SecretManagement, on the cmdlet's own thread: a vault may have to ask its user for a password.</summary>
internal static class SecretVault
{
    private const string Command = "Get-Secret";

    /// <summary>Whether there is a SecretManagement to ask.</summary>
    internal static bool IsThere(PSCmdlet cmdlet) =>
        cmdlet.InvokeCommand.GetCommand(Command, CommandTypes.Cmdlet | CommandTypes.Function | CommandTypes.Alias) is not null;

    /// <summary>Reads both keys.</summary>
    /// <exception cref="InvalidOperationException">The secret can't be read or used. What it holds is not in the message.</exception>
    internal static ApiCredential Read(PSCmdlet cmdlet, StoredKeys keys)
    {
        var secret = Find(cmdlet, keys);
        try
        {
            return secret switch
            {
                PSCredential credential => new ApiCredential(credential.Password, BrandKeyOf(credential)),
                SecureString apiKey when keys.BrandKey is { } brandKey => new ApiCredential(apiKey, brandKey),
                SecureString => throw new InvalidOperationException(
                    $"{Describe(keys)} is an API key alone; give the brand key with Connect-Optimove -BrandKey, or store a credential whose user name is the brand key."),
                _ => throw new InvalidOperationException(
                    $"{Describe(keys)} must be a credential (user name = brand key, password = API key) or a SecureString, and is neither."),
            };
        }
        catch (FormatException exception)
        {
            throw new InvalidOperationException($"{Describe(keys)} can't be used: {exception.Message}");
        }

        Guid BrandKeyOf(PSCredential credential) =>
            BrandCredential.TryReadBrandKey(credential, Describe(keys), out var brandKey, out var reason) ? brandKey : throw new InvalidOperationException(reason);
    }

    private static object? Find(PSCmdlet cmdlet, StoredKeys keys)
    {
        var parameters = new Hashtable { ["Name"] = keys.SecretName, ["ErrorAction"] = ActionPreference.Stop };
        if (keys.Vault is not null)
        {
            parameters["Vault"] = keys.Vault;
        }

        try
        {
            var found = cmdlet.InvokeCommand.InvokeScript(
                useLocalScope: true, ScriptBlock.Create($"param($parameters) {Command} @parameters"), input: null, parameters);
            return found.Count == 1
                ? found[0]?.BaseObject
                : throw new InvalidOperationException($"{Describe(keys)} can't be read: there are {found.Count} of it.");
        }
        catch (RuntimeException exception) when (exception is not PipelineStoppedException)
        {
            throw new InvalidOperationException($"{Describe(keys)} can't be read: {exception.Message.TrimEnd('.')}.", exception);
        }
    }

    private static string Describe(StoredKeys keys) =>
        keys.Vault is null ? $"The secret '{keys.SecretName}'" : $"The secret '{keys.SecretName}' of the vault '{keys.Vault}'";
}
