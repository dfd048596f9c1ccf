using System.Management.Automation;

namespace OptimoveDC.Cmdlets.Records;

/// <summary>The fields of one object in their own order, on memory that is used again for the next one.</summary>
internal sealed class FieldList
{
    private string[] _names = new string[16];
    private object?[] _values = new object?[16];

    internal int Count { get; private set; }

    internal ReadOnlySpan<string> Names => _names.AsSpan(0, Count);

    /// <summary>Adds a field.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value; a property of the engine's is read when it is asked for.</param>
    internal void Add(string name, object? value)
    {
        if (Count == _names.Length)
        {
            Array.Resize(ref _names, Count * 2);
            Array.Resize(ref _values, Count * 2);
        }

        _names[Count] = name;
        _values[Count++] = value;
    }

    /// <summary>Adds a property whose value is read when it is asked for.</summary>
    internal void Add(PSPropertyInfo property) => Add(property.Name, new Unread(property));

    /// <summary>Adds a field whose value could not be read.</summary>
    internal void AddUnreadable(string name, string reason) => Add(name, new Unreadable(reason));

    /// <summary>Puts a property in the place of a field.</summary>
    internal void Replace(int at, PSPropertyInfo property) => _values[at] = new Unread(property);

    internal void RemoveAt(int at)
    {
        Count--;
        Array.Copy(_names, at + 1, _names, at, Count - at);
        Array.Copy(_values, at + 1, _values, at, Count - at);
        _values[Count] = null;
    }

    /// <summary>Reads a value.</summary>
    /// <exception cref="UnsendableValueException">It can't be read.</exception>
    internal object? ValueAt(int at)
    {
        if (_values[at] is Unread unread)
        {
            _values[at] = Read(unread.Property);
        }

        return _values[at] is Unreadable unreadable ? throw new UnsendableValueException(unreadable.Reason) : _values[at];
    }

    /// <summary>Finds a field: by its very name first, then by one that differs only in case, as PowerShell does.</summary>
    /// <returns>Its place; -1 when there is none.</returns>
    internal int Find(string name)
    {
        var exact = Names.IndexOf(name);
        return exact >= 0 ? exact : Array.FindIndex(_names, 0, Count, candidate => candidate.Equals(name, StringComparison.OrdinalIgnoreCase));
    }

    internal void Clear()
    {
        Array.Clear(_values, 0, Count);
        Count = 0;
    }

    private static object? Read(PSPropertyInfo property)
    {
        try
        {
            return property.Value;
        }
        catch (Exception exception) when (exception is GetValueException or ExtendedTypeSystemException)
        {
            return new Unreadable($"can't be read: {(exception.InnerException ?? exception).Message.TrimEnd('.')}");
        }
    }

    private sealed record Unread(PSPropertyInfo Property);

    /// <summary>Stands for a value that can't be read.</summary>
    /// <param name="Reason">Why, as the end of a sentence.</param>
    internal sealed record Unreadable(string Reason);
}
