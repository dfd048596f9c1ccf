using System.Globalization;

namespace OptimoveDC.Core.Records.Inspection;

/// <summary>Says of a column what its text looks like, where nearly all of it does.</summary>
internal static class ColumnFindings
{
    // A column of numbers has a few that aren't: those are worth a word as well.
    private const double Nearly = 0.95;

    internal static void Report(ColumnProfile column, FindingLog log)
    {
        if (column.IsText || column.Values == 0)
        {
            return;
        }

        var name = column.Name;
        if (Most(column, TextForm.Number) is { } numbers && column.Count(TextForm.Code) == 0)
        {
            log.Add(DataFindingKind.NumberAsText, column.FirstLine(TextForm.Number), $"the column '{name}' is sent as text; {numbers} like numbers. To send numbers: -ColumnType @{{ '{name}' = 'Number' }}", name);
        }
        else if (Most(column, TextForm.CommaNumber, TextForm.Number) is { } commas && column.Count(TextForm.CommaNumber) > 0 && column.Count(TextForm.Code) == 0)
        {
            log.Add(DataFindingKind.NumberAsText, column.FirstLine(TextForm.CommaNumber), $"the column '{name}' is sent as text; {commas} like numbers with a comma for decimals, which JSON doesn't have", name);
        }
        else if (Most(column, TextForm.IsoDate) is { } dates)
        {
            log.Add(DataFindingKind.DateAsText, column.FirstLine(TextForm.IsoDate), $"the column '{name}' is sent as text; {dates} like dates. They are sent as they stand", name);
        }
        else if (Most(column, TextForm.OtherDate, TextForm.IsoDate) is { } otherDates)
        {
            log.Add(DataFindingKind.DateAsText, column.FirstLine(TextForm.OtherDate), $"the column '{name}' is sent as text; {otherDates} like dates, in an order that can be read in more than one way. They are sent as they stand", name);
        }
        else if (Most(column, TextForm.Boolean) is { } booleans)
        {
            log.Add(DataFindingKind.BooleanAsText, column.FirstLine(TextForm.Boolean), $"the column '{name}' is sent as text; {booleans} like booleans. To send booleans: -ColumnType @{{ '{name}' = 'Boolean' }}", name);
        }
        else if (Most(column, TextForm.YesNo, TextForm.Boolean) is { } answers)
        {
            log.Add(DataFindingKind.BooleanAsText, column.FirstLine(TextForm.YesNo), $"the column '{name}' is sent as text; {answers} like yes and no. Only true and false can be sent as booleans", name);
        }
    }

    private static string? Most(ColumnProfile column, params ReadOnlySpan<TextForm> forms)
    {
        var count = 0L;
        foreach (var form in forms)
        {
            count += column.Count(form);
        }

        if (count < column.Values * Nearly)
        {
            return null;
        }

        var shown = count.ToString("N0", CultureInfo.InvariantCulture);
        if (count == column.Values)
        {
            return $"all {shown} values look";
        }

        var exception = Enumerable.Range(0, (int)TextForm.Other + 1)
            .Where(form => column.Count((TextForm)form) > 0)
            .Except(forms.ToArray().Select(form => (int)form))
            .Min(form => column.FirstLine((TextForm)form));
        return $"{shown} of {column.Values.ToString("N0", CultureInfo.InvariantCulture)} values look (line {exception} has the first that doesn't)";
    }
}
