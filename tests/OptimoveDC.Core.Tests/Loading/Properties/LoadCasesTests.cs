namespace OptimoveDC.Core.Tests.Loading.Properties;

/// <summary>The cases that are drawn: the same for a seed, and as awkward as they are meant to be.</summary>
public sealed class LoadCasesTests
{
    private static readonly List<LoadCase> Cases = [.. Enumerable.Range(1, 500).Select(LoadCases.Of)];

    [Fact]
    public void A_seed_draws_the_same_case_each_time() =>
        Assert.Equal(Cases.Select(@case => $"{@case}"), Enumerable.Range(1, 500).Select(seed => $"{LoadCases.Of(seed)}"));

    [Fact]
    public void In_every_case_of_several_chunks_a_tenth_of_the_rows_repeats_a_key_of_an_earlier_chunk()
    {
        var several = Cases.Where(@case => @case.Rows.Count(row => row.Key.IsUsable) >= @case.BatchSize * 2).ToList();

        Assert.True(several.Count > 350, $"{several.Count} cases");
        Assert.All(several, @case => Assert.True(RepeatedAcrossChunks(@case) * 10 >= @case.Rows.Count, $"{RepeatedAcrossChunks(@case)} of {@case}"));
    }

    [Fact]
    public void Keys_come_as_texts_and_as_numbers_and_often_as_both()
    {
        var keys = Cases.SelectMany(@case => @case.Rows.Select(row => row.Key)).ToList();

        Assert.All(Enum.GetValues<KeyForm>(), form => Assert.Contains(keys, key => key.Form == form));
        Assert.True(Cases.Count(@case => @case.Rows.Select(row => row.Key).Where(key => key.IsUsable).Distinct().GroupBy(key => key.Class).Any(forms => forms.Count() > 1)) > 250);
    }

    [Fact]
    public void Every_switch_of_the_service_is_in_every_position_with_every_operation() =>
        Assert.All(Enum.GetValues<LoadOperation>(), operation =>
        {
            var cases = Cases.Where(@case => @case.Operation == operation).ToList();
            AssertAll(cases, @case => @case.BadRequestScope);
            AssertAll(cases, @case => @case.AbsentDelete);
            AssertAll(cases, @case => @case.AbsentUpdate);
            AssertAll(cases, @case => @case.KeyIdentity);
            AssertAll(cases, @case => @case.ErrorBodyShape);
            AssertAll(cases, @case => @case.UploadResponseShape);
            AssertAll(cases, @case => @case.RetryAfterForm);
            Assert.Equal([false, true], cases.Select(@case => @case.NameBadKeysStructurally).Distinct().Order());
            Assert.Equal(Enumerable.Range(1, 8), cases.Select(@case => @case.ThrottleLimit).Distinct().Order());
        });

    private static void AssertAll<T>(List<LoadCase> cases, Func<LoadCase, T> position)
        where T : struct, Enum =>
        Assert.Equal(Enum.GetValues<T>(), cases.Select(position).Distinct().Order());

    private static int RepeatedAcrossChunks(LoadCase @case)
    {
        var chunks = @case.Rows.Where(row => row.Key.IsUsable).Select(row => row.Key).Chunk(@case.BatchSize);
        var earlier = new HashSet<CaseKey>();
        var repeated = 0;
        foreach (var chunk in chunks)
        {
            repeated += chunk.Count(earlier.Contains);
            earlier.UnionWith(chunk);
        }

        return repeated;
    }
}
