using System.Collections;
using System.Collections.Specialized;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace OptimoveDC.Cmdlets.Records;

/// <summary>What a type says of its values, found out once a type.</summary>
internal sealed class TypeTraits
{
    // Weak, so that an assembly that can be unloaded still can.
    private static readonly ConditionalWeakTable<Type, TypeTraits> Known = [];

    private TypeTraits(Type type)
    {
        Simplify = ReadyJson.ReaderOf(type);
        IsJson = Simplify is not null;
        Simplify ??= XmlText.ReaderOf(type) ?? (type.FullName == "System.Management.Automation.SemanticVersion" ? static value => value.ToString() : null);
        Entries = typeof(IDictionary).IsAssignableFrom(type) ? null : FindEntries(type);
        IsDictionary = Entries is not null || typeof(IDictionary).IsAssignableFrom(type);
        IsList = !IsDictionary && typeof(IEnumerable).IsAssignableFrom(type);
        IsEntry = type == typeof(DictionaryEntry) || type.FullName == "Newtonsoft.Json.Linq.JProperty" || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>));
        Refusal = IsDictionary || IsList ? FindMore(type) : FindUnreadable(type);
    }

    /// <summary>Turns a value into something simpler; null where it is taken as it is.</summary>
    internal Func<object, object?>? Simplify { get; }

    /// <summary>Lists the entries of a dictionary that is no <see cref="IDictionary"/>; null for all else.</summary>
    internal Func<object, IEnumerable<KeyValuePair<object, object?>>>? Entries { get; }

    /// <summary>True for values that are JSON already.</summary>
    internal bool IsJson { get; }

    internal bool IsDictionary { get; }

    internal bool IsList { get; }

    /// <summary>True for one entry of a dictionary or of a JSON object.</summary>
    internal bool IsEntry { get; }

    /// <summary>Why such values can't be sent, as the end of a sentence; null when they can.</summary>
    internal string? Refusal { get; }

    internal static TypeTraits Of(Type type) => Known.GetValue(type, static type => new TypeTraits(type));

    private static Func<object, IEnumerable<KeyValuePair<object, object?>>>? FindEntries(Type type)
    {
        if (typeof(NameValueCollection).IsAssignableFrom(type))
        {
            return static value => ((NameValueCollection)value).AllKeys.Select(key => new KeyValuePair<object, object?>(key!, ((NameValueCollection)value).GetValues(key) is [var one] ? one : ((NameValueCollection)value).GetValues(key)));
        }

        if (typeof(StringDictionary).IsAssignableFrom(type))
        {
            return static value => ((StringDictionary)value).Cast<DictionaryEntry>().Select(entry => new KeyValuePair<object, object?>(entry.Key, entry.Value));
        }

        var contract = type.GetInterfaces().Append(type).FirstOrDefault(candidate =>
            candidate.IsGenericType
            && (candidate.GetGenericTypeDefinition() == typeof(IDictionary<,>) || candidate.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>)));
        return contract is null
            ? null
            : typeof(TypeTraits)
                .GetMethod(nameof(ReadPairs), BindingFlags.NonPublic | BindingFlags.Static)!
                .MakeGenericMethod(contract.GetGenericArguments())
                .CreateDelegate<Func<object, IEnumerable<KeyValuePair<object, object?>>>>();
    }

    private static IEnumerable<KeyValuePair<object, object?>> ReadPairs<TKey, TValue>(object dictionary)
        where TKey : notnull =>
        ((IEnumerable<KeyValuePair<TKey, TValue>>)dictionary).Select(pair => new KeyValuePair<object, object?>(pair.Key, pair.Value));

    // A list or a dictionary is its items: whatever a class of somebody's holds besides would be lost.
    private static string? FindMore(Type type)
    {
        if (typeof(NameObjectCollectionBase).IsAssignableFrom(type) && !typeof(NameValueCollection).IsAssignableFrom(type))
        {
            return $"is a {type.Name}, which lists its names without their values";
        }

        if (Array.Find(type.GetInterfaces(), candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == typeof(IGrouping<,>)) is not null)
        {
            return "is a group, a list that has a key besides";
        }

        // What is left of a method with yield has its arguments as fields.
        var more = type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) ? null : PublicValues(type).FirstOrDefault(member => !IsFrameworks(member.DeclaringType!));
        return more is null ? null : $"is a {type.Name}, a collection with properties of its own ('{more.Name}'), which would be lost";
    }

    private static bool IsFrameworks(Type type) =>
        type.Assembly.GetName().Name is { } name && (name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.", StringComparison.Ordinal));

    // The engine passes over what can't be boxed.
    private static string? FindUnreadable(Type type) =>
        PublicValues(type).FirstOrDefault(member => TypeOf(member) is { IsByRefLike: true } or { IsPointer: true } or { IsFunctionPointer: true }) is { } member
            ? $"has the property '{member.Name}' of the type {TypeOf(member).Name.Split('`')[0]}, which can't be sent"
            : null;

    private static IEnumerable<MemberInfo> PublicValues(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanRead && property.GetIndexParameters().Length == 0)
            .Concat<MemberInfo>(type.GetFields(BindingFlags.Public | BindingFlags.Instance));

    private static Type TypeOf(MemberInfo member) => member is PropertyInfo property ? property.PropertyType : ((FieldInfo)member).FieldType;
}
