using System.Text.Json;
using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Loading.Properties;

/// <summary>What can be queried in the end: the last value of every key, or what a refusal left of it.</summary>
internal static class ContentRules
{
    internal static void Judge(Testimony testimony, Verdict verdict)
    {
        var identity = testimony.Case.KeyIdentity;
        var records = testimony.Records.ToDictionary(record => IdentityOf(record, testimony.Case), record => record);
        var visible = testimony.Case.Operation == LoadOperation.Update || testimony.Batches.Any(batch => batch.Completed);
        var rowsByKey = testimony.ReadRows.ToLookup(row => row.Key.Identity(identity));
        foreach (var rows in rowsByKey)
        {
            JudgeKey(testimony, verdict, [.. rows], records.GetValueOrDefault(rows.Key), visible);
        }

        foreach (var (key, record) in records.Where(record => !rowsByKey.Contains(record.Key)))
        {
            verdict.Require(RowOf(record) == -1, "a key that the source doesn't have keeps what it had", () => $"{key}: {record.Json}");
        }

        var gone = testimony.Case.Present.Where(key => !records.ContainsKey(key.Identity(identity))).ToList();
        verdict.Require(gone.Count == 0, "no key loses its record by an upload or an update", () => string.Join(' ', gone.Select(key => key.Json)));
    }

    private static void JudgeKey(Testimony testimony, Verdict verdict, List<CaseRow> rows, StoredRecord? record, bool visible)
    {
        var held = RowOf(record);
        void Require(bool condition, string rule) =>
            verdict.Require(condition, rule, () => $"{rows[0].Key.Json} holds row {held}\n{testimony.StoryOf(rows[0].Key.Class)}");

        if (!visible)
        {
            Require(held == -1, "nothing of an open batch can be queried");
            return;
        }

        Require(held == -1 || rows.Any(row => row.Index == held), "a key holds one of its own rows");
        if (rows.Any(testimony.WasRejected))
        {
            // One of its own rows, the record it had before, or none.
            return;
        }

        if (testimony.Case.Operation == LoadOperation.Update && testimony.Case.AbsentUpdate == AbsentUpdate.ShortCount && !testimony.Case.IsPresent(rows[0].Key))
        {
            Require(record is null, "an update of an absent key adds nothing where the service says so");
            return;
        }

        var last = rows.LastOrDefault(row => !testimony.MayBeSuperseded(row))!;
        if (testimony.IsDecided || rows.All(row => testimony.WasAcknowledged(row) || testimony.MayBeSuperseded(row)))
        {
            Require(held == last.Index, "a key without a rejected row holds its last value");
            return;
        }

        // Where a row of the key ended undecided, later ones were not sent: the key holds the last acknowledged one, or one
        // after it that the service took unheard.
        var acknowledged = rows.Where(testimony.WasAcknowledged).Select(row => row.Index).DefaultIfEmpty(-1).Max();
        Require(held >= acknowledged, "a key never falls back behind an acknowledged value");
    }

    private static int RowOf(StoredRecord? record)
    {
        if (record is null)
        {
            return -1;
        }

        using var document = JsonDocument.Parse(record.Json);
        return CaseRow.IndexOf(document.RootElement);
    }

    private static string IdentityOf(StoredRecord record, LoadCase @case) =>
        @case.Rows.Select(row => row.Key).Concat(@case.Present).First(key => key.Json == record.KeyJson).Identity(@case.KeyIdentity);
}
