using System.Collections.Specialized;
using System.Management.Automation;
using System.Net;
using OptimoveDC.Core.Records;
using OptimoveDC.Core.Records.Columns;

namespace OptimoveDC.Cmdlets.Records;

/// <summary>
/// Takes what an object holds at this moment. Whoever made the object may change it and hand it over again, so a record
/// that is written later, by another thread, is written from what was taken. Used by the thread of the pipeline alone.
/// </summary>
/// <param name="layout">Which fields are sent; what only the others hold need not be taken.</param>
internal sealed class FieldTaker(ColumnLayout layout)
{
    // Rows of one source are alike, as a rule; a few kinds may take turns.
    private const int MostShapes = 8;

    private readonly ColumnSet _columns = new(layout);
    private readonly ObjectWriter _objects = new();
    private readonly List<ObjectShape> _shapes = [];
    private readonly List<string> _names = [];
    private ObjectShape _last = new([]);
    private int _oldest;

    /// <summary>Takes the fields of an object that has some.</summary>
    /// <param name="record">The object.</param>
    /// <param name="values">Takes the values, in the order of the names.</param>
    /// <param name="isPlain">Whether the object is no more than names and values that never change.</param>
    /// <returns>The names.</returns>
    internal ObjectShape Take(PSObject record, ValueList values, out bool isPlain)
    {
        var first = values.Count;
        var notes = record.BaseObject is PSCustomObject && OwnMembers.TableOf(record) is { } members ? TakeNotes(members, values) : null;
        var shape = notes ?? TakeListed(record, values);
        var arePlain = Freeze(shape, values.Slice(first, values.Count - first));
        isPlain = notes is not null && arePlain && record.GetType() == typeof(PSObject) && record.ImmediateBaseObject is PSCustomObject && !OwnMembers.HasTypeNames(record);
        return shape;
    }

    // Nearly all objects: a table of notes, each a name and a value.
    private ObjectShape? TakeNotes(OrderedDictionary members, ValueList values)
    {
        var first = values.Count;
        lock (members)
        {
            var taken = values.Add(members.Count);
            var names = _last.Names;
            var isLast = names.Length == taken.Length;
            for (var at = 0; at < taken.Length; at++)
            {
                if (OwnMembers.AsNote(members[at]) is not { } note)
                {
                    values.StepBackTo(first);
                    return null;
                }

                taken[at] = note.Value;

                // One text for all rows, nearly always: then there is nothing to compare.
                isLast = isLast && (ReferenceEquals(note.Name, names[at]) || note.Name == names[at]);
            }

            return isLast ? _last : FindShape(members);
        }
    }

    private ObjectShape FindShape(OrderedDictionary members)
    {
        _names.Clear();
        foreach (PSMemberInfo member in members.Values)
        {
            _names.Add(member.Name);
        }

        return FindShape();
    }

    private ObjectShape TakeListed(PSObject record, ValueList values)
    {
        _names.Clear();
        foreach (var (name, value) in ObjectFields.Of(record))
        {
            _names.Add(name);
            values.Add(value);
        }

        return FindShape();
    }

    private ObjectShape FindShape()
    {
        var names = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_names);
        if (_last.Has(names))
        {
            return _last;
        }

        foreach (var shape in _shapes)
        {
            if (shape.Has(names))
            {
                return _last = shape;
            }
        }

        _last = new ObjectShape(names.ToArray());
        if (_shapes.Count < MostShapes)
        {
            _shapes.Add(_last);
        }
        else
        {
            _shapes[_oldest++ % MostShapes] = _last;
        }

        return _last;
    }

    // True when none of the values can change, so that the frozen ones are all that there is to them.
    private bool Freeze(ObjectShape shape, Span<object?> values)
    {
        var arePlain = true;
        for (var at = 0; at < values.Length; at++)
        {
            if (values[at] is not (null or string))
            {
                var value = values[at]!;
                var frozen = Freeze(shape.Names[at], value);
                arePlain &= ReferenceEquals(frozen, value) || (value is PSObject wrapped && ReferenceEquals(frozen, wrapped.BaseObject) && !OwnMembers.IsMore(wrapped));
                values[at] = frozen;
            }
        }

        return arePlain;
    }

    private object? Freeze(string name, object value)
    {
        var bare = value is PSObject wrapped ? wrapped.BaseObject : value;
        return bare switch
        {
            string or int or long or double or decimal or bool or DateTime or FrozenValue => bare,
            byte[] bytes => bytes.Clone(),
            IPAddress address => address.ToString(),
            _ when ScalarValue.Is(bare) => bare,
            _ when IsSent(name) => FrozenValue.Of(value, _objects),
            _ => FrozenValue.LeftOut,
        };
    }

    private bool IsSent(string name) => RecordText.IsWellFormed(name) && _columns.Resolve(name).Field is not null;
}
