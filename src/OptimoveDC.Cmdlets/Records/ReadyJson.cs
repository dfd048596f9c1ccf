using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using OptimoveDC.Core.Records;

namespace OptimoveDC.Cmdlets.Records;

/// <summary>
/// Values that are JSON already: those of System.Text.Json and of Newtonsoft.Json. The assemblies may be others than the
/// module's own, so a type is known by its name, and read through its public members.
/// </summary>
internal static class ReadyJson
{
    /// <summary>How deep JSON may be nested.</summary>
    internal const int Deepest = 64;

    /// <summary>Finds how values of a type are read as JSON; null when they aren't JSON.</summary>
    internal static Func<object, object?>? ReaderOf(Type type)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            switch (current.FullName)
            {
                case "System.Text.Json.JsonElement":
                    return value => Simplify(Parse(value, () => Call(value, "GetRawText")));
                case "System.Text.Json.JsonDocument":
                    return value => value is JsonDocument document ? Simplify(Read(value, () => document.RootElement)) : FromRoot(value);
                case "System.Text.Json.Nodes.JsonNode":
                    return value => Simplify(Parse(value, () => value is JsonNode node ? node.ToJsonString() : Call(value, "ToJsonString", [null])));
                case "Newtonsoft.Json.Linq.JToken":
                    return value => Simplify(Parse(value, () => WriteToken(value, type)));
            }
        }

        return null;
    }

    /// <summary>The text, boolean or null that JSON is; else the JSON itself.</summary>
    internal static object? Simplify(JsonElement element) => Read<object?>(element, () => element.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => element.GetString(),
        _ => element,
    });

    /// <summary>Reads JSON again by the rules of a record: no field twice, no half characters, not too deep.</summary>
    /// <param name="element">An object or a list.</param>
    /// <param name="deepest">How many levels it may have.</param>
    internal static JsonElement Check(JsonElement element, int deepest = Deepest) => Parse(element, element.GetRawText, deepest);

    private static object? FromRoot(object document)
    {
        var root = Read(document, () => document.GetType().GetProperty(nameof(JsonDocument.RootElement))!.GetValue(document));
        return Simplify(Parse(document, () => Call(root!, "GetRawText")));
    }

    private static string WriteToken(object token, Type type)
    {
        var method = type.GetMethods().First(candidate => candidate.Name == nameof(ToString) && candidate.GetParameters() is [{ ParameterType.IsEnum: true }, { ParameterType.IsArray: true }]);
        var parameters = method.GetParameters();
        return (string)method.Invoke(token, [Enum.ToObject(parameters[0].ParameterType, 0), Array.CreateInstance(parameters[1].ParameterType.GetElementType()!, 0)])!;
    }

    private static string Call(object value, string method, params object?[] arguments) =>
        (string)value.GetType().GetMethods().First(candidate => candidate.Name == method && candidate.GetParameters().Length == arguments.Length).Invoke(value, arguments)!;

    private static JsonElement Parse(object value, Func<string> write, int deepest = Deepest) =>
        JsonText.TryRead(Read(value, write), deepest, out var element, out var reason)
            ? element
            : throw new UnsendableValueException($"is a {ValueTable.NameOf(value)} that can't be sent: {reason}");

    private static T Read<T>(object value, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is InvalidOperationException or TargetInvocationException or JsonException or NotSupportedException)
        {
            throw new UnsendableValueException($"is a {ValueTable.NameOf(value)} that can't be read: {(exception.InnerException ?? exception).Message.TrimEnd('.')}");
        }
    }
}
