using System.Collections.Concurrent;
using System.Management.Automation;

namespace OptimoveDC.Benchmarks.Data;

/// <summary>The same customers as objects of the shell, with text in note properties, as Import-Csv makes them.</summary>
public static class CustomerObjects
{
    /// <summary>Makes them one at a time, as they are asked for.</summary>
    public static IEnumerable<PSObject> Lazily(int count)
    {
        var generator = new CustomerGenerator();
        var fields = new string[CustomerGenerator.Columns.Count];
        for (var number = 0; number < count; number++)
        {
            yield return Make(generator, number, fields);
        }
    }

    /// <summary>Makes all of them, on all processors.</summary>
    public static object[] AtOnce(int count)
    {
        var objects = new object[count];
        Parallel.ForEach(Partitioner.Create(0, count), range =>
        {
            var generator = new CustomerGenerator();
            var fields = new string[CustomerGenerator.Columns.Count];
            for (var number = range.Item1; number < range.Item2; number++)
            {
                objects[number] = Make(generator, number, fields);
            }
        });
        return objects;
    }

    private static PSObject Make(CustomerGenerator generator, int number, string[] fields)
    {
        generator.Fill(number, fields);
        var row = new PSObject(fields.Length);
        for (var column = 0; column < fields.Length; column++)
        {
            row.Properties.Add(new PSNoteProperty(CustomerGenerator.Columns[column], fields[column]), preValidated: true);
        }

        return row;
    }
}
