using System.Text;

namespace OptimoveDC.Benchmarks.Data;

/// <summary>A generated CSV file, and what has to arrive when it is loaded.</summary>
/// <param name="Path">The file.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Expected">Its records.</param>
internal sealed record CustomerFile(string Path, long Bytes, Expectation Expected)
{
    /// <summary>Writes a file of so many customers: RFC 4180, UTF-8, fields quoted where they have to be.</summary>
    internal static CustomerFile Create(string path, int count)
    {
        var generator = new CustomerGenerator();
        var digest = new RecordDigest();
        var fields = new string[CustomerGenerator.Columns.Count];
        using (var writer = new StreamWriter(path, append: false, new UTF8Encoding(false), 1 << 20))
        {
            writer.NewLine = "\n";
            writer.WriteLine(string.Join(',', CustomerGenerator.Columns));
            for (var number = 0; number < count; number++)
            {
                generator.Fill(number, fields);
                digest.Add(fields);
                WriteRow(writer, fields);
            }
        }

        return new CustomerFile(path, new FileInfo(path).Length, digest.ToExpectation(count));
    }

    /// <summary>
    /// Writes the same customers a day later: of each thousand three are gone and twenty have changed, and five are new.
    /// </summary>
    internal static CustomerFile CreateNextDay(string path, int count)
    {
        var generator = new CustomerGenerator();
        var digest = new RecordDigest();
        var fields = new string[CustomerGenerator.Columns.Count];
        long records = 0;
        using (var writer = new StreamWriter(path, append: false, new UTF8Encoding(false), 1 << 20))
        {
            writer.NewLine = "\n";
            writer.WriteLine(string.Join(',', CustomerGenerator.Columns));
            for (var number = 0; number < count; number++)
            {
                if (number % 200 == 42)
                {
                    Write(count + number, isChanged: false);
                }

                if (number % 1000 is not (101 or 404 or 707))
                {
                    Write(number, isChanged: number % 50 == 25);
                }
            }

            void Write(int number, bool isChanged)
            {
                generator.Fill(number, fields);
                fields[^1] = isChanged ? "changed since yesterday" : fields[^1];
                digest.Add(fields);
                WriteRow(writer, fields);
                records++;
            }
        }

        return new CustomerFile(path, new FileInfo(path).Length, digest.ToExpectation(records));
    }

    internal static void WriteRow(TextWriter writer, ReadOnlySpan<string> fields)
    {
        for (var column = 0; column < fields.Length; column++)
        {
            if (column > 0)
            {
                writer.Write(',');
            }

            if (fields[column].AsSpan().ContainsAny(",\"\r\n"))
            {
                writer.Write('"');
                writer.Write(fields[column].Replace("\"", "\"\"", StringComparison.Ordinal));
                writer.Write('"');
            }
            else
            {
                writer.Write(fields[column]);
            }
        }

        writer.WriteLine();
    }
}
