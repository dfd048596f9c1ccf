using System.Text;

namespace OptimoveDC.Help.Notices;

/// <summary>The notices that go with the module: whose work it carries, and under which licences.</summary>
internal static class NoticesText
{
    private static readonly string Line = new('-', 78);

    internal static string Make(IEnumerable<CarriedPackage> packages)
    {
        var carried = packages.OrderBy(package => package.Id, StringComparer.OrdinalIgnoreCase).ToList();
        var text = new StringBuilder();
        text.Append("OptimoveDC carries the following packages, unchanged.\n\n");
        foreach (var package in carried)
        {
            text.Append("- ").Append(package.Id).Append(' ').Append(package.Version).Append('\n');
        }

        foreach (var package in carried)
        {
            text.Append('\n').Append(Line).Append('\n')
                .Append(package.Id).Append(' ').Append(package.Version).Append('\n')
                .Append("By:        ").Append(package.Authors).Append('\n')
                .Append("Copyright: ").Append(package.Copyright).Append('\n')
                .Append("Address:   ").Append(package.Address).Append('\n')
                .Append("Licence:   ").Append(package.License).Append("\n\n")
                .Append(package.LicenseText).Append('\n');
        }

        // Packages of one family say the same of what they carry themselves.
        foreach (var alike in carried.Where(package => package.Notices is not null).GroupBy(package => package.Notices))
        {
            text.Append('\n').Append(Line).Append('\n')
                .Append("What these packages carry of others, in their own words:\n")
                .AppendJoin(", ", alike.Select(package => package.Id)).Append("\n\n")
                .Append(alike.Key).Append('\n');
        }

        return text.ToString();
    }
}
