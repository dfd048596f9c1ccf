namespace OptimoveDC.Core.Tests.Loading.Properties;

/// <summary>What a case broke.</summary>
internal sealed class Verdict
{
    private readonly List<Violation> _violations = [];

    internal IReadOnlyList<Violation> Violations => _violations;

    /// <summary>Holds every rule against what was seen.</summary>
    internal static Verdict On(Testimony testimony)
    {
        var verdict = new Verdict();
        AccountRules.Judge(testimony, verdict);
        RejectionRules.Judge(testimony, verdict);
        if (testimony.Case.Operation == LoadOperation.Delete)
        {
            DeletionRules.Judge(testimony, verdict);
            return verdict;
        }

        OrderRules.Judge(testimony, verdict);
        ContentRules.Judge(testimony, verdict);
        if (testimony.Case.Operation == LoadOperation.Upload)
        {
            BatchRules.Judge(testimony, verdict);
        }

        return verdict;
    }

    internal void Add(string rule, string detail) => _violations.Add(new Violation(rule, detail));

    /// <summary>Adds a violation unless the condition holds.</summary>
    internal void Require(bool condition, string rule, Func<string> detail)
    {
        if (!condition)
        {
            Add(rule, detail());
        }
    }
}
