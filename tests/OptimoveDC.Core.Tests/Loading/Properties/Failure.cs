using System.Globalization;
using System.Text;
using OptimoveDC.Core.Tests.Faults;

namespace OptimoveDC.Core.Tests.Loading.Properties;

/// <summary>A case that broke a rule, with all there is to find out why.</summary>
internal sealed record Failure(LoadCase Case, Testimony? Testimony, IReadOnlyList<Violation> Violations, IReadOnlyList<ProxiedRequest> Proxied)
{
    internal string Rules => string.Join("; ", Violations.Select(violation => violation.Rule).Distinct());

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var violations in Violations.GroupBy(violation => violation.Rule))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"BROKEN, {violations.Count()} times: {violations.Key}\n  {violations.First().Detail}");
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"{Case}");
        if (Testimony is { } testimony)
        {
            var result = testimony.Result;
            text.AppendLine(CultureInfo.InvariantCulture, $"  account: read {result.Read}, sent {result.Sent}, rejected {result.Rejected}, skipped {result.Skipped}, unknown {result.Unknown}, not sent {result.NotSent}, completed {result.Completed}, requests {result.Requests}, retries {result.Retries}, throttled {result.Throttled}");
            text.AppendLine(CultureInfo.InvariantCulture, $"  failure: {testimony.Report.Failure?.Message ?? "none"}");
            text.AppendLine(CultureInfo.InvariantCulture, $"  rejections: {string.Join(", ", testimony.Report.Rejections.Select(rejection => $"{rejection.Line - 1}={rejection.PrimaryKey} {rejection.StatusCode}"))}");
            text.AppendLine(CultureInfo.InvariantCulture, $"  warnings: {string.Join(" | ", testimony.Warnings)}");
            text.AppendLine("  the service saw, in the order in which it acted:");
            foreach (var request in testimony.Requests)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"    {request}");
            }
        }

        text.AppendLine("  the proxy saw:");
        foreach (var request in Proxied)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"    {request}");
        }

        return text.ToString();
    }
}
