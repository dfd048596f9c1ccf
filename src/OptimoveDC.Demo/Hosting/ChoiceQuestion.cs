using System.Management.Automation.Host;

namespace OptimoveDC.Demo.Hosting;

/// <summary>A question with fixed answers, such as a confirmation. The letter after an ampersand stands for its answer.</summary>
internal sealed class ChoiceQuestion
{
    private readonly List<(string Key, string Label, string Help)> _choices;
    private readonly int _default;

    internal ChoiceQuestion(IEnumerable<ChoiceDescription> choices, int defaultChoice)
    {
        _choices = [.. choices.Select(c => (KeyOf(c.Label), c.Label.Replace("&", string.Empty, StringComparison.Ordinal), c.HelpMessage))];
        _default = defaultChoice;
    }

    /// <summary>The answers in one line.</summary>
    internal string Text
    {
        get
        {
            var answers = string.Join("  ", _choices.Select(c => $"[{c.Key}] {c.Label}"));
            return $"{answers}  [?] Help{(_default >= 0 ? $" (default is \"{_choices[_default].Key}\")" : string.Empty)}: ";
        }
    }

    /// <summary>What each answer means.</summary>
    internal string Help => string.Join(Environment.NewLine, _choices.Select(c => $"{c.Key} - {c.Help}"));

    /// <summary>Which answer was given: by key, in full, or none at all for the default.</summary>
    internal bool TryAnswer(string answer, out int choice)
    {
        choice = answer.Length == 0
            ? _default
            : _choices.FindIndex(c => c.Key.Equals(answer, StringComparison.OrdinalIgnoreCase) || c.Label.Equals(answer, StringComparison.OrdinalIgnoreCase));
        return choice >= 0;
    }

    private static string KeyOf(string label)
    {
        var mark = label.IndexOf('&', StringComparison.Ordinal);
        return mark >= 0 && mark + 1 < label.Length ? label.Substring(mark + 1, 1).ToUpperInvariant() : label;
    }
}
