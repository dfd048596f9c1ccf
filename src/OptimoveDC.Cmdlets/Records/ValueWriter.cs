using System.Collections;
using System.Management.Automation;
using System.Text.Json;
using OptimoveDC.Core.Records;

namespace OptimoveDC.Cmdlets.Records;

/// <summary>Writes values as JSON by the table of docs/objects.md, at every depth. Used by one thread at a time.</summary>
/// <param name="fields">Reads the fields of objects.</param>
internal sealed class ValueWriter(ObjectFields fields)
{
    // A bound on objects that make new ones at every look.
    private const int MostValues = 1_000_000;

    private readonly List<object> _ancestors = [];
    private readonly List<FieldList> _lists = [];
    private int _values;

    /// <summary>Writes any value.</summary>
    /// <exception cref="UnsendableValueException">It, or something in it, can't be sent; the message has the path within it.</exception>
    internal void Write(Utf8JsonWriter json, object? value)
    {
        if (value is string text && text.Length <= RecordText.Longest && RecordText.IsWellFormed(text))
        {
            json.WriteStringValue(text);
            return;
        }

        _ancestors.Clear();
        _values = 0;
        WriteWithin(json, value);
    }

    private void WriteWithin(Utf8JsonWriter json, object? value)
    {
        if (++_values > MostValues)
        {
            throw new UnsendableValueException($"has more than {MostValues} values in it");
        }

        var simple = ValueTable.Simplify(value);
        var bare = simple is PSObject wrapped ? wrapped.BaseObject : simple;
        if (bare is null)
        {
            json.WriteNullValue();
            return;
        }

        if (ValueTable.IsScalar(bare))
        {
            ValueTable.WriteScalar(json, bare);
            return;
        }

        if (bare is not PSCustomObject && ValueTable.Refuse(bare) is { } reason)
        {
            throw new UnsendableValueException(reason);
        }

        Enter(bare is PSCustomObject ? simple! : bare);
        if (bare is JsonElement ready)
        {
            ReadyJson.Check(ready, ReadyJson.Deepest - _ancestors.Count + 1).WriteTo(json);
        }
        else if (bare is not PSCustomObject && TypeTraits.Of(bare.GetType()).IsList)
        {
            WriteList(json, (IEnumerable)bare, simple as PSObject);
        }
        else
        {
            WriteFields(json, simple!);
        }

        _ancestors.RemoveAt(_ancestors.Count - 1);
    }

    private void WriteFields(Utf8JsonWriter json, object value)
    {
        var list = Rent();
        try
        {
            fields.Read(value, list);
            json.WriteStartObject();
            for (var at = 0; at < list.Count; at++)
            {
                var name = list.Names[at];
                if (!RecordText.IsWellFormed(name))
                {
                    throw new UnsendableValueException($"has a field whose name {RecordText.HalfCharacter}");
                }

                json.WritePropertyName(name);
                try
                {
                    WriteWithin(json, list.ValueAt(at));
                }
                catch (UnsendableValueException exception)
                {
                    exception.WithinField(name);
                    throw;
                }
            }

            json.WriteEndObject();
        }
        finally
        {
            list.Clear();
        }
    }

    private void WriteList(Utf8JsonWriter json, IEnumerable items, PSObject? wrapped)
    {
        if (wrapped is not null && fields.FindNote(wrapped) is { } note)
        {
            throw new UnsendableValueException($"is a list with a property of its own ('{note}'), which would be lost; send a list, or an object that has it");
        }

        if (items is Array { Rank: > 1 } array)
        {
            WriteDimension(json, array, new int[array.Rank], 0);
            return;
        }

        json.WriteStartArray();
        var index = 0;
        foreach (var item in Listed(items))
        {
            WriteItem(json, item, index++);
        }

        json.WriteEndArray();
    }

    private void WriteDimension(Utf8JsonWriter json, Array array, int[] indices, int dimension)
    {
        json.WriteStartArray();
        for (var index = 0; index < array.GetLength(dimension); index++)
        {
            indices[dimension] = array.GetLowerBound(dimension) + index;
            if (dimension + 1 < array.Rank)
            {
                WriteDimension(json, array, indices, dimension + 1);
            }
            else
            {
                WriteItem(json, array.GetValue(indices), index);
            }
        }

        json.WriteEndArray();
    }

    private void WriteItem(Utf8JsonWriter json, object? item, int index)
    {
        try
        {
            WriteWithin(json, item);
        }
        catch (UnsendableValueException exception)
        {
            exception.WithinItem(index);
            throw;
        }
    }

    // Whatever a list of somebody else's throws while it is listed.
    private static IEnumerable<object?> Listed(IEnumerable items)
    {
        IEnumerator? enumerator = null;
        try
        {
            enumerator = Try(items.GetEnumerator);
            while (Try(enumerator.MoveNext))
            {
                yield return Try(() => enumerator.Current);
            }
        }
        finally
        {
            (enumerator as IDisposable)?.Dispose();
        }

        static T Try<T>(Func<T> read)
        {
            try
            {
                return read();
            }
            catch (Exception exception) when (exception is not PipelineStoppedException)
            {
                throw new UnsendableValueException($"can't be read: {exception.Message.TrimEnd('.')}");
            }
        }
    }

    private void Enter(object value)
    {
        if (!value.GetType().IsValueType && _ancestors.Exists(ancestor => ReferenceEquals(ancestor, value)))
        {
            throw new UnsendableValueException("contains itself");
        }

        if (_ancestors.Count >= ReadyJson.Deepest)
        {
            throw new UnsendableValueException($"is nested deeper than {ReadyJson.Deepest} levels");
        }

        _ancestors.Add(value);
    }

    private FieldList Rent()
    {
        while (_lists.Count < _ancestors.Count)
        {
            _lists.Add(new FieldList());
        }

        return _lists[_ancestors.Count - 1];
    }
}
