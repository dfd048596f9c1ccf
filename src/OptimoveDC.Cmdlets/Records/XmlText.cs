using System.Xml;
using System.Xml.Linq;

namespace OptimoveDC.Cmdlets.Records;

/// <summary>The text of an XML element that has nothing else; whatever has more is refused, for JSON has no form of it.</summary>
internal static class XmlText
{
    /// <summary>Finds how values of a type are read; null when they aren't XML.</summary>
    internal static Func<object, object?>? ReaderOf(Type type) =>
        typeof(XmlNode).IsAssignableFrom(type) ? static value => Read((XmlNode)value)
        : typeof(XObject).IsAssignableFrom(type) ? static value => Read((XObject)value)
        : null;

    private static string Read(XmlNode node) =>
        node is XmlElement element
        && element.Attributes.Cast<XmlAttribute>().All(attribute => attribute.NamespaceURI == "http://www.w3.org/2000/xmlns/")
        && element.ChildNodes.Cast<XmlNode>().All(child => child is XmlCharacterData and not XmlComment)
            ? element.InnerText
            : throw Refuse(node.NodeType.ToString(), node.Name);

    private static string Read(XObject node) =>
        node is XElement element && element.Attributes().All(attribute => attribute.IsNamespaceDeclaration) && element.Nodes().All(child => child is XText)
            ? element.Value
            : throw Refuse(node.NodeType.ToString(), (node as XElement)?.Name.LocalName ?? "");

    private static UnsendableValueException Refuse(string type, string name) =>
        new($"is XML ({type} '{name}') with more than text in it; send the text of its elements and attributes with Select-Object or a calculated property");
}
