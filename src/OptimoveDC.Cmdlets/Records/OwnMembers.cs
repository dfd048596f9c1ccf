using System.Collections.Specialized;
using System.Management.Automation;
using System.Reflection;
using System.Reflection.Emit;

namespace OptimoveDC.Cmdlets.Records;

/// <summary>
/// The members that an object of the shell's own (<c>[pscustomobject]</c>, a row of <c>Import-Csv</c>) was made with.
/// </summary>
/// <remarks>
/// The engine's public list of properties makes several reserved members for every object that is looked at, which costs
/// some thirty times what the rest of a record does. It keeps the members themselves in a property of its own, and those
/// in a table; where a version of the engine doesn't have the one or the other, the next best way serves.
/// </remarks>
internal static class OwnMembers
{
    private static readonly MethodInfo? Getter = FindGetter();
    private static readonly Func<PSObject, IEnumerable<PSMemberInfo>>? Read = Getter?.CreateDelegate<Func<PSObject, IEnumerable<PSMemberInfo>>>();
    private static readonly Func<PSObject, OrderedDictionary?>? ReadTable = MakeTableReader();
    private static readonly Func<PSObject, object?>? ReadTypeNames = MakeTypeNamesReader();
    private static readonly object? CommonTypeNames = FindCommonTypeNames();
    private static readonly Func<PSObject, bool>? ReadHasAny = MakeHasAnyReader();

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

    /// <summary>The members as the engine keeps them, in their own order; null where it keeps them otherwise.</summary>
    /// <remarks>The engine locks the table while it uses it; so has a reader to.</remarks>
    internal static OrderedDictionary? TableOf(PSObject made) => ReadTable?.Invoke(made);

    /// <summary>A member of such a table, where it is no more than a name and a value; null where it is anything else.</summary>
    internal static PSNoteProperty? AsNote(object? member) =>
        member is not null && member.GetType() == typeof(PSNoteProperty) ? (PSNoteProperty)member : null;

    /// <summary>Whether an object was given type names of its own; true also where that can't be told.</summary>
    internal static bool HasTypeNames(PSObject made) =>
        ReadTypeNames is null || (ReadTypeNames(made) is { } names && !ReferenceEquals(names, CommonTypeNames));

    /// <summary>Whether a value's wrapper was given members or type names; true also where that can't be told.</summary>
    internal static bool IsMore(PSObject wrapped) => HasTypeNames(wrapped) || ReadHasAny is null || ReadHasAny(wrapped);

    private static MethodInfo? FindGetter()
    {
        var getter = typeof(PSObject).GetProperty("InstanceMembers", BindingFlags.Instance | BindingFlags.NonPublic)?.GetMethod;
        return typeof(IEnumerable<PSMemberInfo>).IsAssignableFrom(getter?.ReturnType) ? getter : null;
    }

    private static Func<PSObject, OrderedDictionary?>? MakeTableReader()
    {
        var table = Getter?.ReturnType.GetField("_members", BindingFlags.Instance | BindingFlags.NonPublic);
        if (table?.FieldType != typeof(OrderedDictionary))
        {
            return null;
        }

        return MakeReader<OrderedDictionary?>(code =>
        {
            code.Emit(OpCodes.Callvirt, Getter!);
            code.Emit(OpCodes.Ldfld, table);
        });
    }

    // The list of an object's own, or the one that all without share; null until the engine has looked for it.
    private static Func<PSObject, object?>? MakeTypeNamesReader()
    {
        var field = typeof(PSObject).GetField("_typeNames", BindingFlags.Instance | BindingFlags.NonPublic);
        return field is null || field.FieldType.IsValueType ? null : MakeReader<object?>(code => code.Emit(OpCodes.Ldfld, field));
    }

    private static Func<PSObject, bool>? MakeHasAnyReader()
    {
        var has = typeof(PSObject).GetMethod("HasInstanceMembers", BindingFlags.Static | BindingFlags.NonPublic);
        return has?.ReturnType != typeof(bool) || has.GetParameters() is not [var value, { ParameterType.IsByRef: true } members] || value.ParameterType != typeof(object)
            ? null
            : MakeReader<bool>(code =>
            {
                code.Emit(OpCodes.Ldloca, code.DeclareLocal(members.ParameterType.GetElementType()!));
                code.Emit(OpCodes.Call, has);
            });
    }

    private static object? FindCommonTypeNames()
    {
        var getter = typeof(PSObject).GetProperty("InternalTypeNames", BindingFlags.Instance | BindingFlags.NonPublic)?.GetMethod;
        return getter?.Invoke(new PSObject(), null);
    }

    // Reading a field by reflection would cost more than all that is read through it.
    private static Func<PSObject, T> MakeReader<T>(Action<ILGenerator> read)
    {
        var method = new DynamicMethod("Read", typeof(T), [typeof(PSObject)], typeof(OwnMembers).Module, skipVisibility: true);
        var code = method.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        read(code);
        code.Emit(OpCodes.Ret);
        return method.CreateDelegate<Func<PSObject, T>>();
    }
}
