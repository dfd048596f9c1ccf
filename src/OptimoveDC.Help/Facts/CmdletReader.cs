using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Reflection;

namespace OptimoveDC.Help.Facts;

/// <summary>Reads the facts of a cmdlet's class.</summary>
internal static class CmdletReader
{
    private const string None = "None";

    internal static CmdletFacts Read(Type type, CmdletAttribute cmdlet)
    {
        // A parameter's default is what its property holds before anything is bound.
        var untouched = Activator.CreateInstance(type)!;
        try
        {
            var parameters = type.GetProperties()
                .Where(property => property.IsDefined(typeof(ParameterAttribute)))
                .Select(property => Read(property, untouched));
            return new CmdletFacts
            {
                Verb = cmdlet.VerbName,
                Noun = cmdlet.NounName,
                DefaultSet = cmdlet.DefaultParameterSetName is CmdletFacts.EverySet or "" ? null : cmdlet.DefaultParameterSetName,
                Parameters = [.. parameters, .. cmdlet.SupportsShouldProcess ? [Switch("WhatIf", "wi"), Switch("Confirm", "cf")] : Array.Empty<ParameterFacts>()],
            };
        }
        finally
        {
            (untouched as IDisposable)?.Dispose();
        }
    }

    private static ParameterFacts Read(PropertyInfo property, object cmdlet)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        var words = property.GetCustomAttribute<ValidateSetAttribute>()?.ValidValues;
        return new ParameterFacts
        {
            Name = property.Name,
            Type = type.Name,
            IsSwitch = type == typeof(SwitchParameter),
            IsArray = type.IsArray,
            Values = words?.ToList() ?? (type.IsEnum ? [.. Enum.GetNames(type)] : []),
            Aliases = property.GetCustomAttribute<AliasAttribute>()?.AliasNames.ToList() ?? [],
            Default = DefaultOf(property, property.GetValue(cmdlet)),
            TakesWildcards = property.IsDefined(typeof(SupportsWildcardsAttribute)),
            Uses =
            [
                .. property.GetCustomAttributes<ParameterAttribute>().Select(use => new ParameterUse(
                    use.ParameterSetName,
                    use.Mandatory,
                    use.Position == int.MinValue ? null : use.Position,
                    use.ValueFromPipeline || use.ValueFromPipelineByPropertyName)),
            ],
        };
    }

    private static ParameterFacts Switch(string name, string alias) => new()
    {
        Name = name,
        Type = nameof(SwitchParameter),
        IsSwitch = true,
        IsArray = false,
        Values = [],
        Aliases = [alias],
        Default = "False",
        TakesWildcards = false,
        Uses = [new ParameterUse(CmdletFacts.EverySet, false, null, false)],
    };

    private static string DefaultOf(PropertyInfo property, object? value) => value switch
    {
        null or "" or ICollection { Count: 0 } => None,
        SwitchParameter { IsPresent: var present } => present.ToString(),
        Guid id when id == Guid.Empty => None,
        // A value that nobody could give stands for none.
        IComparable number when property.GetCustomAttribute<ValidateRangeAttribute>()?.MinRange is IComparable least && number.CompareTo(least) < 0 => None,
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? None,
    };
}
