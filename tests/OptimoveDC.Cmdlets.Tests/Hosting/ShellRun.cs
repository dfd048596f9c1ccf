using System.Management.Automation;

namespace OptimoveDC.Cmdlets.Tests.Hosting;

/// <summary>What a script did: its objects, every stream, how it ended and how long it took.</summary>
public sealed class ShellRun
{
    public required IReadOnlyList<PSObject> Output { get; init; }

    /// <summary>The error stream. A terminating error is in <see cref="TerminatingError"/> instead.</summary>
    public required IReadOnlyList<ErrorRecord> Errors { get; init; }

    public required IReadOnlyList<string> Warnings { get; init; }

    public required IReadOnlyList<string> Verbose { get; init; }

    public required IReadOnlyList<string> Debug { get; init; }

    public required IReadOnlyList<InformationRecord> Information { get; init; }

    public required IReadOnlyList<ProgressRecord> Progress { get; init; }

    /// <summary>What ended the script early; null when it came to its end.</summary>
    public required Exception? Exception { get; init; }

    /// <summary>True when it was stopped, as by Ctrl+C.</summary>
    public required bool WasStopped { get; init; }

    public required TimeSpan Elapsed { get; init; }

    /// <summary>The error that ended the script; null when it came to its end or was stopped.</summary>
    public ErrorRecord? TerminatingError => WasStopped ? null : (Exception as IContainsErrorRecord)?.ErrorRecord;

    /// <summary>The only error, terminating or not.</summary>
    public ErrorRecord Error => Assert.Single(TerminatingError is { } last ? [.. Errors, last] : Errors);

    /// <summary>The error that came last: the one that ended the script, or the last one written.</summary>
    /// <remarks>A cmdlet's terminating error ends its statement; a script that doesn't stop at errors goes on after it.</remarks>
    public ErrorRecord LastError => TerminatingError ?? (Errors.Count > 0 ? Errors[^1] : throw new InvalidOperationException("There was no error."));

    /// <summary>The objects of a type, in the order in which they came.</summary>
    public IReadOnlyList<T> Objects<T>() => [.. Output.Select(o => o?.BaseObject).OfType<T>()];

    /// <summary>The only object, which must be of that type.</summary>
    public T Only<T>()
    {
        EnsureSucceeded();
        return Assert.IsType<T>(Assert.Single(Output)?.BaseObject, exactMatch: false);
    }

    /// <summary>Fails the test, with the first error's own words, unless the script ran without any.</summary>
    public ShellRun EnsureSucceeded()
    {
        if (Exception is not null)
        {
            Assert.Fail($"The script ended with {Exception}");
        }

        if (Errors.Count > 0)
        {
            Assert.Fail($"The script wrote {Errors.Count} errors, the first: {Errors[0]} ({Errors[0].FullyQualifiedErrorId}){Environment.NewLine}{Errors[0].Exception}");
        }

        return this;
    }

    /// <summary>Everything that could be read off a screen or a transcript, for tests that look for what must not be there.</summary>
    public string AllText => string.Join(Environment.NewLine, [
        .. Output.Select(Describe),
        .. Errors.SelectMany(Describe),
        .. TerminatingError is { } last ? Describe(last) : [],
        .. Warnings, .. Verbose, .. Debug,
        .. Information.Select(r => $"{r.MessageData} {string.Join(' ', r.Tags)} {r.Source}"),
        .. Progress.Select(r => $"{r.Activity} {r.StatusDescription} {r.CurrentOperation}"),
        Exception?.ToString() ?? string.Empty,
    ]);

    private static string Describe(PSObject? output) => output is null
        ? string.Empty
        : $"{output} {string.Join(' ', output.Properties.Select(p => $"{p.Name}={Read(p)}"))}";

    private static IEnumerable<string> Describe(ErrorRecord error) =>
    [
        error.ToString(), error.FullyQualifiedErrorId, error.CategoryInfo.ToString(), error.Exception.ToString(),
        error.ErrorDetails?.Message ?? string.Empty, error.ErrorDetails?.RecommendedAction ?? string.Empty,
        error.TargetObject is { } target ? Describe(PSObject.AsPSObject(target)) : string.Empty,
    ];

    private static object? Read(PSPropertyInfo property)
    {
        try
        {
            return property.Value;
        }
        catch (GetValueException e)
        {
            return e.Message;
        }
    }
}
