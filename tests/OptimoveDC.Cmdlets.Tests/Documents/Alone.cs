namespace OptimoveDC.Cmdlets.Tests.Documents;

/// <summary>
/// For tests that look at what the whole process shares, as a user's script does: the environment, and the emulators that
/// run. Nothing else runs beside them.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = nameof(Alone);
}
