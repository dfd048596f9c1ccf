namespace OptimoveDC.Cmdlets.Tests.Hosting;

/// <summary>Waiting for what another thread does.</summary>
public static class Wait
{
    /// <summary>Waits until something is so, and fails the test when it isn't within the limit (10 seconds unless told).</summary>
    public static async Task UntilAsync(Func<bool> condition, TimeSpan? limit = null)
    {
        using var timeout = new CancellationTokenSource(limit ?? TimeSpan.FromSeconds(10));
        while (!condition())
        {
            if (timeout.IsCancellationRequested)
            {
                Assert.Fail("What the test waits for did not happen in time.");
            }

            await Task.Delay(5, CancellationToken.None);
        }
    }
}
