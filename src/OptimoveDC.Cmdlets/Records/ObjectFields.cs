using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Management.Automation;
using System.Reflection;

namespace OptimoveDC.Cmdlets.Records;

/// <summary>The fields of an object, of whatever kind it is: its own properties, or a dictionary's entries.</summary>
internal static class ObjectFields
{
    private static readonly ConcurrentDictionary<Type, Func<object, IEnumerable<KeyValuePair<string, object?>>>?> GenericDictionaries = new();

    /// <summary>Whether an object has fields at all; a scalar and a list have none.</summary>
    internal static bool Has(PSObject wrapped) =>
        wrapped.BaseObject is PSCustomObject or IDictionary
        || (!ScalarValue.Is(wrapped.BaseObject) && (wrapped.BaseObject is not IEnumerable || EntriesOf(wrapped.BaseObject) is not null));

    /// <summary>Lists an object's fields in their own order; what can't be read is a <see cref="FrozenValue"/> that says why.</summary>
    internal static IEnumerable<KeyValuePair<string, object?>> Of(PSObject wrapped) => wrapped.BaseObject switch
    {
        PSCustomObject => OwnMembers.Of(wrapped).Select(static property => new KeyValuePair<string, object?>(property.Name, ValueOf(property))),
        IDictionary dictionary => EntriesOf(dictionary),
        var other => EntriesOf(other) ?? PropertiesOf(wrapped),
    };

    /// <summary>Finds a field by name: the very name first, then the one that differs only in case, as the shell does.</summary>
    internal static bool TryGet(PSObject wrapped, string name, out string actualName, out object? value)
    {
        actualName = name;
        if (wrapped.BaseObject is PSCustomObject && FindNote(wrapped, name) is { } note)
        {
            (actualName, value) = (note.Name, note.Value);
            return true;
        }

        if (wrapped.BaseObject is IDictionary dictionary && Contains(dictionary, name))
        {
            value = dictionary[name];
            return true;
        }

        if (wrapped.BaseObject is not IDictionary
            && wrapped.Properties[name] is { IsGettable: true } property
            && (property.IsInstance || wrapped.BaseObject is not PSCustomObject))
        {
            actualName = property.Name;
            value = ValueOf(property);
            return true;
        }

        var found = false;
        value = null;
        foreach (var field in Of(wrapped))
        {
            if (field.Key.Equals(name, StringComparison.Ordinal))
            {
                (actualName, value) = (field.Key, field.Value);
                return true;
            }

            if (!found && field.Key.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                (actualName, value, found) = (field.Key, field.Value, true);
            }
        }

        return found;
    }

    private static bool Contains(IDictionary dictionary, string name)
    {
        try
        {
            return dictionary.Contains(name);
        }
        catch (InvalidOperationException)
        {
            // A sorted one whose keys are no text can't compare them with one.
            return false;
        }
    }

    private static PSNoteProperty? FindNote(PSObject made, string name)
    {
        if (OwnMembers.TableOf(made) is not { } members)
        {
            return null;
        }

        lock (members)
        {
            return OwnMembers.AsNote(members[name]);
        }
    }

    private static IEnumerable<KeyValuePair<string, object?>> PropertiesOf(PSObject wrapped)
    {
        foreach (var property in wrapped.Properties)
        {
            // What the shell's type tables add to a .NET object (aliases, views) is not the object's own.
            if (property.IsGettable
                && (property.IsInstance || property.MemberType is PSMemberTypes.Property or PSMemberTypes.NoteProperty))
            {
                yield return new(property.Name, ValueOf(property));
            }
        }
    }

    private static object? ValueOf(PSPropertyInfo property)
    {
        try
        {
            return property.Value;
        }
        catch (GetValueException exception)
        {
            return FrozenValue.Unreadable($"the property '{property.Name}' can't be read: {exception.Message}");
        }
    }

    private static IEnumerable<KeyValuePair<string, object?>> EntriesOf(IDictionary dictionary)
    {
        var names = new HashSet<string>(dictionary.Count, StringComparer.Ordinal);
        foreach (DictionaryEntry entry in dictionary)
        {
            var name = Convert.ToString(entry.Key is PSObject key ? key.BaseObject : entry.Key, CultureInfo.InvariantCulture) ?? "";
            yield return new(name, names.Add(name) ? entry.Value : FrozenValue.Unreadable($"two keys of a dictionary are both '{name}' as text"));
        }
    }

    // A dictionary that is only generic, such as an ExpandoObject, is no IDictionary; how to list one is found once a type.
    private static IEnumerable<KeyValuePair<string, object?>>? EntriesOf(object dictionary) =>
        GenericDictionaries.GetOrAdd(dictionary.GetType(), FindReader)?.Invoke(dictionary);

    private static Func<object, IEnumerable<KeyValuePair<string, object?>>>? FindReader(Type type)
    {
        var contract = type.GetInterfaces().FirstOrDefault(candidate =>
            candidate.IsGenericType
            && (candidate.GetGenericTypeDefinition() == typeof(IDictionary<,>) || candidate.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))
            && candidate.GetGenericArguments()[0] == typeof(string));
        return contract is null
            ? null
            : typeof(ObjectFields)
                .GetMethod(nameof(ReadPairs), BindingFlags.NonPublic | BindingFlags.Static)!
                .MakeGenericMethod(contract.GetGenericArguments()[1])
                .CreateDelegate<Func<object, IEnumerable<KeyValuePair<string, object?>>>>();
    }

    private static IEnumerable<KeyValuePair<string, object?>> ReadPairs<T>(object dictionary) =>
        ((IEnumerable<KeyValuePair<string, T>>)dictionary).Select(pair => new KeyValuePair<string, object?>(pair.Key, pair.Value));
}
