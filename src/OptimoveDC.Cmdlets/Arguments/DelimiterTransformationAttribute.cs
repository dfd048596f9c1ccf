using System.Management.Automation;

namespace OptimoveDC.Cmdlets.Arguments;

/// <summary>Takes the character that stands between fields; a tab also as the two characters <c>\t</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DelimiterTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var bare = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return bare switch
        {
            "\\t" => '\t',
            char character => Check(character),
            string { Length: 1 } text => Check(text[0]),
            _ => throw new ArgumentTransformationMetadataException($"'{bare}' is not one character. A tab is written \"`t\"."),
        };
    }

    private static char Check(char character) =>
        character is '"' or '\r' or '\n' or ' ' || char.IsLetterOrDigit(character) || char.IsSurrogate(character)
            ? throw new ArgumentTransformationMetadataException($"'{character}' can't stand between fields: it is part of them. Use , or ; or | or \"`t\".")
            : character;
}
