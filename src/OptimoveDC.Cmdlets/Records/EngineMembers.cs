using System.Management.Automation;
using System.Reflection;

namespace OptimoveDC.Cmdlets.Records;

/// <summary>The members that an object of the shell's (<c>[pscustomobject]</c>, a row of <c>Import-Csv</c>) was given itself.</summary>
/// <remarks>
/// The engine's public list adds five reserved members to every object that is looked at: for a row of nine columns it takes
/// 6.6 µs, where the list that the engine keeps takes 0.4 µs and the whole of <c>Import-Csv</c> 2.8 µs. An engine that has no
/// such list any more is served by the public one.
/// </remarks>
internal static class EngineMembers
{
    /// <summary>Set by <c>AppContext</c> to have the public list in any case.</summary>
    internal const string PublicListSwitch = "OptimoveDC.UsePublicMembers";

    private static readonly Func<PSObject, IEnumerable<PSMemberInfo>>? Kept = FindKept();

    /// <summary>How the members are listed: in their own order, methods and property sets among them.</summary>
    internal static Func<PSObject, IEnumerable<PSMemberInfo>> Reader =>
        Kept is null || (AppContext.TryGetSwitch(PublicListSwitch, out var isPublic) && isPublic) ? ListPublic : Kept;

    /// <summary>The property that a member is; null for methods, sets, what can't be read, and the list of type names that the engine may add.</summary>
    internal static PSPropertyInfo? AsProperty(PSMemberInfo member) =>
        member is PSPropertyInfo { IsGettable: true } property && !(property is PSCodeProperty && property.Name.Equals("pstypenames", StringComparison.OrdinalIgnoreCase)) ? property : null;

    private static IEnumerable<PSMemberInfo> ListPublic(PSObject made) => made.Properties.Where(static property => property.IsInstance);

    private static Func<PSObject, IEnumerable<PSMemberInfo>>? FindKept()
    {
        var getter = typeof(PSObject).GetProperty("InstanceMembers", BindingFlags.Instance | BindingFlags.NonPublic)?.GetMethod;
        return typeof(IEnumerable<PSMemberInfo>).IsAssignableFrom(getter?.ReturnType) ? getter!.CreateDelegate<Func<PSObject, IEnumerable<PSMemberInfo>>>() : null;
    }
}
