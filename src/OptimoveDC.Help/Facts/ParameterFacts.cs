namespace OptimoveDC.Help.Facts;

/// <summary>What the assembly says about a parameter.</summary>
internal sealed class ParameterFacts
{
    internal required string Name { get; init; }

    /// <summary>Its type as help shows it.</summary>
    internal required string Type { get; init; }

    internal required bool IsSwitch { get; init; }

    internal required bool IsArray { get; init; }

    /// <summary>The words it takes; empty when it takes any value of its type.</summary>
    internal required IReadOnlyList<string> Values { get; init; }

    internal required IReadOnlyList<string> Aliases { get; init; }

    /// <summary>Its value when it isn't given, as help shows it.</summary>
    internal required string Default { get; init; }

    internal required bool TakesWildcards { get; init; }

    internal required IReadOnlyList<ParameterUse> Uses { get; init; }

    internal bool IsMandatory => Uses.All(use => use.IsMandatory);

    internal bool TakesPipeline => Uses.Any(use => use.TakesPipeline);

    /// <summary>Its position, where that is the same in every set that has it.</summary>
    internal int? Position => Uses.Select(use => use.Position).Distinct().Count() == 1 ? Uses[0].Position : null;

    /// <summary>How it is used in a set; null when the set doesn't have it.</summary>
    internal ParameterUse? In(string set) => Uses.FirstOrDefault(use => use.SetName == set || use.SetName == CmdletFacts.EverySet);
}
