using System.Management.Automation;
using System.Reflection;

namespace OptimoveDC.Cmdlets.Records;

/// <summary>
/// The members that an object of the shell's own (<c>[pscustomobject]</c>, a row of <c>Import-Csv</c>) was made with.
/// </summary>
/// <remarks>
/// The engine's public list of properties makes several reserved members for every object that is looked at, which costs
/// some thirty times what the rest of a record does. It keeps the members themselves in a property of its own; where a
/// version of the engine doesn't have that, the public list serves.
/// </remarks>
internal static class OwnMembers
{
    private static readonly Func<PSObject, IEnumerable<PSMemberInfo>>? Read = FindReader();

    /// <summary>Lists the properties in their own order.</summary>
    internal static IEnumerable<PSPropertyInfo> Of(PSObject made)
    {
        foreach (var member in Read?.Invoke(made) ?? made.Properties.Where(property => property.IsInstance))
        {
            if (member is PSPropertyInfo { IsGettable: true } property)
            {
                yield return property;
            }
        }
    }

    private static Func<PSObject, IEnumerable<PSMemberInfo>>? FindReader()
    {
        var getter = typeof(PSObject).GetProperty("InstanceMembers", BindingFlags.Instance | BindingFlags.NonPublic)?.GetMethod;
        return getter is not null && typeof(IEnumerable<PSMemberInfo>).IsAssignableFrom(getter.ReturnType)
            ? getter.CreateDelegate<Func<PSObject, IEnumerable<PSMemberInfo>>>()
            : null;
    }
}
