namespace OptimoveDC.Cmdlets.Records;

/// <summary>The names of an object's fields in their order. Objects that are alike share one, and what was found out about it.</summary>
internal sealed class ObjectShape(string[] names)
{
    /// <summary>The names.</summary>
    internal string[] Names { get; } = names;

    /// <summary>How such objects are sent; kept here by the layout that found it out.</summary>
    internal ShapePlan? Plan { get; set; }

    /// <summary>Finds a field: by its very name first, then by one that differs only in case, as the shell does.</summary>
    /// <returns>Its place; -1 when there is none.</returns>
    internal int Find(string name)
    {
        var exact = Array.IndexOf(Names, name);
        return exact >= 0 ? exact : Array.FindIndex(Names, candidate => candidate.Equals(name, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Whether an object has these fields, in this order.</summary>
    internal bool Has(ReadOnlySpan<string> names) => names.SequenceEqual(Names);
}
