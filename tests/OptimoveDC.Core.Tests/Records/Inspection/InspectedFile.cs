using OptimoveDC.Core.Records;
using OptimoveDC.Core.Records.Files;
using OptimoveDC.Core.Records.Inspection;

namespace OptimoveDC.Core.Tests.Records.Inspection;

/// <summary>Tests a file as Test-OptimoveData does.</summary>
internal static class InspectedFile
{
    internal static async Task<(DataTestResult Result, List<DataFinding> Findings)> TestAsync(
        string name, byte[] bytes, FileLayout? layout = null, KeyType keyType = KeyType.AsGiven, int batchSize = 5000, double requestsPerSecond = 5, bool isDetailed = true)
    {
        var folder = Directory.CreateTempSubdirectory("optimove-");
        try
        {
            var path = Path.Combine(folder.FullName, name);
            await File.WriteAllBytesAsync(path, bytes);
            return await TestAsync(path, layout ?? new FileLayout { KeyProperty = "user_id" }, new DataTestPlan
            {
                Source = path,
                KeyType = keyType,
                BatchSize = batchSize,
                RequestsPerSecond = requestsPerSecond,
                IsDetailed = isDetailed,
            });
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    internal static async Task<(DataTestResult Result, List<DataFinding> Findings)> TestAsync(string path, FileLayout layout, DataTestPlan plan)
    {
        var token = TestContext.Current.CancellationToken;
        var findings = new List<DataFinding>();
        await using var test = new DataTest(plan);
        try
        {
            await using var source = await RecordFile.OpenAsync(path, test.Watch(layout), token);
            while (await test.ReadOnAsync(source, token))
            {
                findings.AddRange(test.TakeFindings());
            }
        }
        catch (SourceException exception)
        {
            test.Fail(exception);
        }

        await test.EndReadingAsync(token);
        while (test.LookThroughKeys())
        {
            findings.AddRange(test.TakeFindings());
        }

        findings.AddRange(test.TakeFindings());
        return (test.Summarize(), findings);
    }
}
