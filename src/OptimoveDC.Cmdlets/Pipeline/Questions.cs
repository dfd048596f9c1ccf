using System.Management.Automation;

namespace OptimoveDC.Cmdlets.Pipeline;

/// <summary>
/// Whether <c>ShouldProcess</c> has anything to ask, show or log in a call. Where it hasn't, it says yes to every record,
/// and to find that out a million times takes longer than to write the records.
/// </summary>
internal static class Questions
{
    /// <summary>True when each record has to be asked about; in doubt, too.</summary>
    /// <param name="cmdlet">The call.</param>
    /// <param name="impact">The impact that its cmdlet declares.</param>
    internal static bool AreAsked(PSCmdlet cmdlet, ConfirmImpact impact) =>
        (Given(cmdlet, "WhatIf") ?? LanguagePrimitives.IsTrue(Preference(cmdlet, "WhatIfPreference")))
        || (Given(cmdlet, "Confirm") ?? MeetsConfirmPreference(cmdlet, impact))
        || (Given(cmdlet, "Verbose") ?? IsShown(Preference(cmdlet, "VerbosePreference")))
        || Given(cmdlet, "Debug") == true;

    private static bool? Given(PSCmdlet cmdlet, string name) =>
        cmdlet.MyInvocation.BoundParameters.TryGetValue(name, out var given) ? LanguagePrimitives.IsTrue(given) : null;

    private static object? Preference(PSCmdlet cmdlet, string name) => cmdlet.SessionState.PSVariable.GetValue(name);

    private static bool MeetsConfirmPreference(PSCmdlet cmdlet, ConfirmImpact impact) =>
        !LanguagePrimitives.TryConvertTo<ConfirmImpact>(Preference(cmdlet, "ConfirmPreference"), out var threshold)
        || (threshold != ConfirmImpact.None && threshold <= impact);

    private static bool IsShown(object? preference) =>
        !LanguagePrimitives.TryConvertTo<ActionPreference>(preference, out var action)
        || action is not (ActionPreference.SilentlyContinue or ActionPreference.Ignore);
}
