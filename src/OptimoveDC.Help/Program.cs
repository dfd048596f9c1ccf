using System.Text;
using System.Xml;
using OptimoveDC.Help.Facts;
using OptimoveDC.Help.Notices;
using OptimoveDC.Help.Output;
using OptimoveDC.Help.Pages;

// make <docs> <assembly of the cmdlets> <folder>     writes the help into the folder
// notices <file> <texts of licences> <packages…>     writes whose work the module carries
// refresh <docs> <assembly of the cmdlets>           writes syntax and facts into the pages of the cmdlets
try
{
    switch (args)
    {
        case ["make", var docs, var assembly, var folder]:
            Make(docs, assembly, folder);
            return 0;
        case ["notices", var file, var texts, .. var packages]:
            File.WriteAllText(file, NoticesText.Make(packages.Select(package => CarriedPackage.Read(package, texts))), new UTF8Encoding(false));
            return 0;
        case ["refresh", var docs, var assembly]:
            foreach (var (facts, page) in Cmdlets(docs, assembly))
            {
                PageFacts.Write(facts, page.File);
            }

            return 0;
        default:
            Console.Error.WriteLine("OptimoveDC.Help make <docs> <assembly> <folder> | notices <file> <texts> <packages…> | refresh <docs> <assembly>");
            return 2;
    }
}
catch (Exception exception) when (exception is PageException or InvalidDataException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}

static void Make(string docs, string assembly, string folder)
{
    Directory.CreateDirectory(folder);
    var help = MamlDocument.Make(Cmdlets(docs, assembly));
    using (var writer = XmlWriter.Create(
        Path.Combine(folder, Path.GetFileName(assembly) + "-Help.xml"),
        new XmlWriterSettings { Indent = true, Encoding = new UTF8Encoding(false), NewLineChars = "\n" }))
    {
        help.Save(writer);
    }

    foreach (var file in Directory.EnumerateFiles(Path.Combine(docs, "about"), "about_*.md"))
    {
        var topic = MarkdownPage.Read(file);
        File.WriteAllText(Path.Combine(folder, topic.Title + ".help.txt"), AboutText.Render(topic), new UTF8Encoding(false));
    }
}

static List<(CmdletFacts Facts, CmdletPage Page)> Cmdlets(string docs, string assembly)
{
    var folder = Path.Combine(docs, "cmdlets");
    var facts = CmdletAssembly.Read(assembly);
    var pages = Directory.EnumerateFiles(folder, "*.md").Select(CmdletPageReader.Read).ToDictionary(page => page.Name);

    // What is missing on either side is for a test to say: half a page more must not keep anybody from building.
    return [.. from cmdlet in facts where pages.ContainsKey(cmdlet.Name) select (cmdlet, pages[cmdlet.Name])];
}
