namespace OptimoveDC.Core.Tests.Loading.Properties;

/// <summary>Hundreds of servers at once would slow down every test beside them: these run when the others are done.</summary>
[CollectionDefinition(nameof(RunsAlone), DisableParallelization = true)]
public sealed class RunsAlone;
