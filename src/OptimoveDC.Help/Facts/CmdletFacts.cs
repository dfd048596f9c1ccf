namespace OptimoveDC.Help.Facts;

/// <summary>What the assembly says about a cmdlet.</summary>
internal sealed class CmdletFacts
{
    /// <summary>The engine's name for all parameter sets at once.</summary>
    internal const string EverySet = "__AllParameterSets";

    internal required string Verb { get; init; }

    internal required string Noun { get; init; }

    internal string Name => $"{Verb}-{Noun}";

    /// <summary>The set that is taken when the arguments leave it open; null when there is but one.</summary>
    internal required string? DefaultSet { get; init; }

    internal required IReadOnlyList<ParameterFacts> Parameters { get; init; }

    /// <summary>The parameter sets, the default one first; <see cref="EverySet"/> when there is but one.</summary>
    internal IReadOnlyList<string> Sets
    {
        get
        {
            var named = Parameters.SelectMany(parameter => parameter.Uses).Select(use => use.SetName).Where(name => name != EverySet).Distinct();
            List<string> sets = [.. named.OrderBy(name => name != DefaultSet)];
            if (DefaultSet is not null && !sets.Contains(DefaultSet))
            {
                sets.Insert(0, DefaultSet);
            }

            return sets.Count > 0 ? sets : [EverySet];
        }
    }

    /// <summary>The parameters of a set in the order of the syntax: by position, then what must be named, then the rest.</summary>
    internal IEnumerable<(ParameterFacts Parameter, ParameterUse Use)> In(string set) =>
        from parameter in Parameters
        let use = parameter.In(set)
        where use is not null
        orderby use.Position ?? int.MaxValue, use.Position is null && !use.IsMandatory
        select (parameter, use);
}
