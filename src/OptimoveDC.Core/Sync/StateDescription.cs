using System.Text.Json;

namespace OptimoveDC.Core.Sync;

/// <summary>What a state says it is of. It carries no key of the service.</summary>
internal static class StateDescription
{
    private const string Connection = "connection";
    private const string KeyOptions = "key options";
    private const string ContentOptions = "content options";
    private const string Run = "run";

    /// <summary>Holds a state against the sync at hand, and makes it that of this sync where it is new.</summary>
    /// <returns>The number of this sync.</returns>
    /// <exception cref="SyncException">It is of another Data Connection, or of other options.</exception>
    internal static long Claim(SyncState state, SyncPlan plan)
    {
        var run = long.Parse(state.ReadSetting(Run) ?? "0", System.Globalization.CultureInfo.InvariantCulture) + 1;
        if (run > 1)
        {
            Compare(state, plan);
        }

        state.WriteSetting(Run, run.ToString(System.Globalization.CultureInfo.InvariantCulture));
        state.WriteSetting(Connection, plan.DataConnectionId.ToString());
        state.WriteSetting(KeyOptions, Write(plan.KeyOptions));
        state.WriteSetting(ContentOptions, Write(ContentOf(plan)));
        return run;
    }

    private static Dictionary<string, string> ContentOf(SyncPlan plan)
    {
        var options = new Dictionary<string, string>(plan.ContentOptions);
        if (plan.TimeToLiveSeconds is { } seconds)
        {
            options["TimeToLive"] = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return options;
    }

    private static void Compare(SyncState state, SyncPlan plan)
    {
        var connection = state.ReadSetting(Connection);
        if (connection != plan.DataConnectionId.ToString())
        {
            throw Other(state, $"It is of the Data Connection {connection}, and this sync is for {plan.DataConnectionId}. Each Data Connection needs a state of its own.");
        }

        if (FindDifference(Read(state, KeyOptions), plan.KeyOptions) is { } otherKeys)
        {
            throw Other(state, $"{otherKeys} The keys are not the same ones then.");
        }

        if (!plan.Full && FindDifference(Read(state, ContentOptions), ContentOf(plan)) is { } otherContent)
        {
            throw Other(state, $"{otherContent} Every record would be another one then; -Full sends them all and goes on with the new options.");
        }
    }

    private static SyncException Other(SyncState state, string difference) =>
        new(SyncFault.OtherState, $"The state {state.Path} is not of this sync. {difference}");

    private static string? FindDifference(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> now)
    {
        foreach (var name in before.Keys.Union(now.Keys).Order(StringComparer.Ordinal))
        {
            var then = before.GetValueOrDefault(name);
            var today = now.GetValueOrDefault(name);
            if (then != today)
            {
                return $"It was made with {Show(name, then)}, and this sync is given {Show(name, today)}.";
            }
        }

        return null;
    }

    private static string Show(string name, string? value) => value is null ? $"no -{name}" : $"-{name} {value}";

    private static string Write(IReadOnlyDictionary<string, string> options) => JsonSerializer.Serialize(
        new SortedDictionary<string, string>(options.ToDictionary(), StringComparer.Ordinal),
        StateJson.Default.SortedDictionaryStringString);

    private static SortedDictionary<string, string> Read(SyncState state, string name)
    {
        try
        {
            return JsonSerializer.Deserialize(state.ReadSetting(name) ?? "{}", StateJson.Default.SortedDictionaryStringString) ?? [];
        }
        catch (JsonException exception)
        {
            throw new SyncException(SyncFault.StateUnreadable, $"The state {state.Path} can't be used: what it says of its options is not readable.", exception);
        }
    }
}
