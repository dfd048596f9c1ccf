using System.Text.RegularExpressions;
using k8s;
using OptimoveDC.Cmdlets.Tests.Hosting;

namespace OptimoveDC.Cmdlets.Tests.Documents;

/// <summary>
/// Every workflow and every Kubernetes manifest that the repository has or its documents show is what GitHub and Kubernetes
/// say that such a file has to be.
/// </summary>
public sealed partial class ManifestSchemaTests(SchemaChecker checker) : IClassFixture<SchemaChecker>
{
    /// <summary>The places of all YAML that a user could take over: whole files, and blocks of documents by their line.</summary>
    public static TheoryData<string> Places => [.. Texts.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Those of them that are for Kubernetes.</summary>
    public static TheoryData<string> Manifests => [.. Texts.Where(entry => KindOf(entry.Value) == "kubernetes").Select(entry => entry.Key)];

    private static Dictionary<string, string> Texts { get; } = Files().Concat(Blocks()).ToDictionary();

    [Theory]
    [MemberData(nameof(Places))]
    public async Task What_a_user_could_copy_fits_its_published_schema(string place) =>
        Assert.Empty(await CheckAsync(place, Texts[place]));

    [Theory]
    [MemberData(nameof(Manifests))]
    public void A_manifest_has_no_field_that_the_API_of_Kubernetes_lacks(string place) =>
        Assert.NotEmpty(KubernetesYaml.LoadAllFromString(Texts[place], strict: true));

    [Theory]
    [InlineData("runs-on: ubuntu-latest", "run-on: ubuntu-latest", "Unexpected value 'run-on'")]
    [InlineData("needs: batch\n", "needs: bach\n", "unknown job 'bach'")]
    [InlineData("'15 4 * * *'", "'15 44 * * *'", "Invalid cron expression")]
    [InlineData("matrix.shard", "matricks.shard", "Unrecognized named-value: 'matricks'")]
    [InlineData("fail-fast: false", "fail-fast: never", "Unexpected value 'never'")]
    public async Task A_mistake_in_a_workflow_is_found(string right, string wrong, string finding)
    {
        var text = Texts["examples/shards-github.yml"];
        Assert.Contains(right, text, StringComparison.Ordinal);
        Assert.Contains(await CheckAsync("mistake.yml", text.Replace(right, wrong, StringComparison.Ordinal)), found => found.Contains(finding, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("completions: 7", "completions: seven", "completions must be integer")]
    [InlineData("completionMode: Indexed", "completionMode: Index", "completionMode must be equal to one of the allowed values")]
    [InlineData("- name: load\n", "- workingDir: /data\n", "must have required property name")]
    [InlineData("kind: Job\n", "kind: Jobs\n", "Jobs optimove-load")]
    public async Task A_mistake_in_a_manifest_is_found(string right, string wrong, string finding)
    {
        var text = Texts["examples/shards-kubernetes.yaml"];
        Assert.Contains(right, text, StringComparison.Ordinal);
        Assert.Contains(await CheckAsync("mistake.yaml", text.Replace(right, wrong, StringComparison.Ordinal)), found => found.Contains(finding, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("backoffLimitPerIndex", "backoffLimitPerShard")]
    [InlineData("volumeMounts", "volumeMount")]
    [InlineData("parallelism: 7", "completions: 7")]
    public void A_field_that_the_API_of_Kubernetes_lacks_or_that_comes_twice_is_found(string right, string wrong)
    {
        var text = Texts["examples/shards-kubernetes.yaml"];
        Assert.Contains(right, text, StringComparison.Ordinal);
        Assert.ThrowsAny<Exception>(() => KubernetesYaml.LoadAllFromString(text.Replace(right, wrong, StringComparison.Ordinal), strict: true));
    }

    private async Task<IReadOnlyList<string>> CheckAsync(string name, string text)
    {
        Assert.SkipWhen(checker.Absence is not null, checker.Absence ?? "");
        return await checker.CheckAsync(KindOf(text), name, text);
    }

    private static string KindOf(string text) =>
        TopLevelKeys().Matches(text).Select(match => match.Value).ToHashSet() switch
        {
            var keys when keys.Contains("jobs") => "workflow",
            var keys when keys.Contains("apiVersion") => "kubernetes",
            _ => throw new InvalidOperationException("The YAML is neither a workflow nor a manifest of Kubernetes; it wants a check of its own."),
        };

    private static IEnumerable<KeyValuePair<string, string>> Files() =>
        from folder in (string[])["examples", Path.Combine(".github", "workflows")]
        from path in Directory.EnumerateFiles(Path.Combine(PackagedModule.RepositoryRoot, folder), "*.y*ml")
        select KeyValuePair.Create(Relative(path), Read(path));

    // The blocks on the pages of the cmdlets are the data of parameters.
    private static IEnumerable<KeyValuePair<string, string>> Blocks() =>
        from path in Directory.EnumerateFiles(Path.Combine(PackagedModule.RepositoryRoot, "docs"), "*.md", SearchOption.AllDirectories).Append(Path.Combine(PackagedModule.RepositoryRoot, "README.md"))
        where !Relative(path).StartsWith("docs/cmdlets/", StringComparison.Ordinal)
        let text = Read(path)
        from Match match in Fence().Matches(text)
        select KeyValuePair.Create($"{Relative(path)}:{text.AsSpan(0, match.Groups[1].Index).Count('\n') + 1}", match.Groups[1].Value);

    private static string Read(string path) => File.ReadAllText(path).ReplaceLineEndings("\n");

    private static string Relative(string path) => Path.GetRelativePath(PackagedModule.RepositoryRoot, path).Replace('\\', '/');

    [GeneratedRegex("^```ya?ml\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex("^[A-Za-z]+(?=:)", RegexOptions.Multiline)]
    private static partial Regex TopLevelKeys();
}
