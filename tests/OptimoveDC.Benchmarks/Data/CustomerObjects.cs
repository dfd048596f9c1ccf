using System.Management.Automation;

namespace OptimoveDC.Benchmarks.Data;

/// <summary>The same customers as objects of the shell, with text in note properties, as Import-Csv makes them.</summary>
internal static class CustomerObjects
{
    /// <summary>Makes them one at a time, as they are asked for.</summary>
    internal static IEnumerable<PSObject> Lazily(int count)
    {
        var generator = new CustomerGenerator();
        var fields = new string[CustomerGenerator.Columns.Count];
        for (var number = 0; number < count; number++)
        {
            generator.Fill(number, fields);
            var row = new PSObject(fields.Length);
            for (var column = 0; column < fields.Length; column++)
            {
                row.Properties.Add(new PSNoteProperty(CustomerGenerator.Columns[column], fields[column]), preValidated: true);
            }

            yield return row;
        }
    }
}
