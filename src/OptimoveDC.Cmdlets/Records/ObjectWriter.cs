using System.Collections;
using System.Management.Automation;
using System.Text.Json;
using OptimoveDC.Core.Records;

namespace OptimoveDC.Cmdlets.Records;

/// <summary>Writes objects of the shell as JSON: nested to any depth, each with its own properties.</summary>
internal sealed class ObjectWriter
{
    // Deeper than any data, shallower than the stack; and a bound on objects that make new ones at every look.
    private const int Deepest = 500;
    private const int MostValues = 1_000_000;

    private readonly List<object> _ancestors = [];
    private int _values;

    /// <summary>Writes any value.</summary>
    /// <exception cref="UnwritableValueException">It, or something in it, can't be sent.</exception>
    internal void WriteValue(Utf8JsonWriter writer, object? value)
    {
        _ancestors.Clear();
        _values = 0;
        Write(writer, value);
    }

    private void Write(Utf8JsonWriter writer, object? value)
    {
        if (++_values > MostValues)
        {
            throw new UnwritableValueException($"has more than {MostValues} values in it");
        }

        var wrapped = value as PSObject;
        var bare = wrapped is null ? value : wrapped.BaseObject;
        if (bare is null)
        {
            writer.WriteNullValue();
        }
        else if (ScalarValue.Is(bare))
        {
            ScalarValue.Write(writer, bare);
        }
        else
        {
            wrapped ??= PSObject.AsPSObject(bare);
            Enter(bare is PSCustomObject ? wrapped : bare);
            if (ObjectFields.Has(wrapped))
            {
                WriteFields(writer, wrapped);
            }
            else
            {
                WriteItems(writer, (IEnumerable)bare);
            }

            _ancestors.RemoveAt(_ancestors.Count - 1);
        }
    }

    private void WriteFields(Utf8JsonWriter writer, PSObject wrapped)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in ObjectFields.Of(wrapped))
        {
            if (!RecordText.IsWellFormed(name))
            {
                throw new UnwritableValueException($"the name of a field {RecordText.HalfCharacter}");
            }

            if (value is FrozenValue unreadable)
            {
                throw new UnwritableValueException(unreadable.Reason!);
            }

            writer.WritePropertyName(name);
            WriteWithin(writer, name, value);
        }

        writer.WriteEndObject();
    }

    private void WriteItems(Utf8JsonWriter writer, IEnumerable items)
    {
        writer.WriteStartArray();
        var index = 0;
        foreach (var item in items)
        {
            WriteWithin(writer, $"[{index++}]", item);
        }

        writer.WriteEndArray();
    }

    // A reason names the path of the value, outermost first.
    private void WriteWithin(Utf8JsonWriter writer, string name, object? value)
    {
        try
        {
            Write(writer, value);
        }
        catch (UnwritableValueException exception) when (_ancestors.Count < 10)
        {
            throw new UnwritableValueException($"'{name}' {exception.Message}");
        }
    }

    private void Enter(object value)
    {
        foreach (var ancestor in _ancestors)
        {
            if (ReferenceEquals(ancestor, value))
            {
                throw new UnwritableValueException("contains itself");
            }
        }

        if (_ancestors.Count >= Deepest)
        {
            throw new UnwritableValueException($"is nested deeper than {Deepest} levels");
        }

        _ancestors.Add(value);
    }
}
