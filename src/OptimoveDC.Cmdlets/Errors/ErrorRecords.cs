using System.Management.Automation;
using OptimoveDC.Core.Api;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Loading.Checkpoints;
using OptimoveDC.Core.Loading.Rejects;
using OptimoveDC.Core.Records;
using OptimoveDC.Core.Sync;

namespace OptimoveDC.Cmdlets.Errors;

/// <summary>Every error that a cmdlet reports is made here: its id, its category, its target and what to do about it.</summary>
internal static class ErrorRecords
{
    internal static ErrorRecord NotConnected() =>
        Make(ErrorCondition.NotConnected, new InvalidOperationException("There is no open session with Optimove in this runspace."), null);

    internal static ErrorRecord Argument(string message, object? target) =>
        Make(ErrorCondition.ArgumentInvalid, new ArgumentException(message), target);

    internal static ErrorRecord Secret(InvalidOperationException exception, string name) =>
        Make(ErrorCondition.SecretUnreadable, exception, name);

    internal static ErrorRecord Source(SourceException exception, object? target) =>
        Make(ErrorCondition.SourceUnreadable, exception, target);

    internal static ErrorRecord Service(ServiceException exception, object? target) =>
        Make(exception.Condition, exception, target);

    internal static ErrorRecord Checkpoint(CheckpointException exception, object? target) => Make(ConditionOf(exception), exception, target);

    internal static ErrorRecord Sync(SyncException exception, object? target) => Make(ConditionOf(exception), exception, target);

    /// <summary>Missing keys were not deleted, because the source has records whose key nobody knows.</summary>
    internal static ErrorRecord DeletesWithheld(string reason, SyncResult result) =>
        Make(ErrorCondition.DeletesWithheld, new InvalidOperationException(reason), result);

    /// <summary>A record that was refused, with what is known of it as the target.</summary>
    /// <param name="rejection">The refusal.</param>
    /// <param name="source">Where the record comes from.</param>
    /// <param name="countsLines">True where a line of a file is meant, false where a position in the source is.</param>
    internal static ErrorRecord Rejected(Rejection rejection, string source, bool countsLines)
    {
        var target = new RejectedRecord
        {
            Source = source,
            Line = rejection.Line,
            IsLine = countsLines,
            PrimaryKey = rejection.PrimaryKey,
            Record = rejection.Record,
            RecordIsIncomplete = rejection.IsIncomplete,
            Reason = rejection.Reason,
            StatusCode = rejection.StatusCode,
            RequestId = rejection.RequestId,
        };
        var key = rejection.PrimaryKey is null ? "" : $" (primary key {rejection.PrimaryKey})";
        var who = rejection.StatusCode is { } status ? $"the service answered {status}: " : "";
        var id = rejection.RequestId is null ? "" : $" (request id {rejection.RequestId})";
        var condition = rejection.StatusCode switch
        {
            null => ErrorCondition.RecordInvalid,
            413 => ErrorCondition.RequestTooLarge,
            _ => ErrorCondition.RequestInvalid,
        };
        return Make(condition, new InvalidDataException($"{target.Place}{key}: {who}{rejection.Reason}{id}"), target);
    }

    /// <summary>Why a load ended early, with the result so far as the target.</summary>
    internal static ErrorRecord Stopped(LoadReport report)
    {
        var account = Account(report);
        return report.Failure switch
        {
            ServiceException service => Make(service.Condition, service, report.Result, $"{service.Message}. {account}"),
            CheckpointException checkpoint => Make(ConditionOf(checkpoint), checkpoint, report.Result, $"{checkpoint.Message} {account}"),
            RejectFileException file => Make(ErrorCondition.RejectFileUnwritable, file, report.Result, $"{file.Message}. {account}"),
            SourceException source => Make(ErrorCondition.SourceUnreadable, source, report.Result, $"{source.Message} {account}"),
            { } defect => Make(ErrorCondition.LoadIncomplete, defect, report.Result, $"{defect.Message} {account}"),
            null => Make(ErrorCondition.LoadIncomplete, new InvalidOperationException(Incomplete(report.Result)), report.Result, $"{Incomplete(report.Result)} {account}"),
        };
    }

    /// <summary>Why a sync ended early, with the result so far as the target.</summary>
    internal static ErrorRecord Stopped(SyncReport report)
    {
        var account = Account(report.Result);
        return report.Failure switch
        {
            SyncException sync => Make(ConditionOf(sync), sync, report.Result, $"{sync.Message} {account}"),
            ServiceException service => Make(service.Condition, service, report.Result, $"{service.Message}. {account}"),
            RejectFileException file => Make(ErrorCondition.RejectFileUnwritable, file, report.Result, $"{file.Message}. {account}"),
            SourceException source => Make(ErrorCondition.SourceUnreadable, source, report.Result, $"{source.Message} {account}"),
            { } defect => Make(ErrorCondition.LoadIncomplete, defect, report.Result, $"{defect.Message} {account}"),
            null => Make(ErrorCondition.LoadIncomplete, new InvalidOperationException("The sync could not be completed."), report.Result, $"The sync could not be completed. {account}"),
        };
    }

    private static string Account(SyncResult result)
    {
        var batch = result is { BatchId: { } id, Completed: false } && result.Sent + result.Unknown > 0
            ? $" Batch {id} may be open: its records can't be queried then, and the next sync sends them again."
            : "";
        return $"Of {result.Read} records read from {result.Source}: {result.Sent} sent, {result.Unchanged} unchanged, {result.Rejected} rejected, {result.Skipped} skipped, {result.Unknown} unknown, {result.NotSent} not sent; {result.Deleted} of {result.ToDelete} keys deleted.{batch}";
    }

    private static string Incomplete(LoadResult result) =>
        result.Operation != LoadOperation.Upload
            ? $"The outcome of {result.Unknown + result.NotSent} records is open."
            : result.Sent == 0
                ? "No record was accepted, so the batch was not completed."
                : "The batch could not be completed.";

    private static string Account(LoadReport report)
    {
        var result = report.Result;
        var batch = result is { BatchId: { } id, Sent: > 0, Completed: false }
            ? $" Batch {id} is open: its records can't be queried until it is completed."
            : "";
        var resume = report.ResumeCommand is { } command ? $" Go on with: {command}" : "";
        return $"Of {result.Read} records read from {result.Source}: {result.Sent} sent, {result.Rejected} rejected, {result.Skipped} skipped, {result.Unknown} unknown, {result.NotSent} not sent.{batch}{resume}";
    }

    private static ErrorRecord Make(ErrorCondition condition, Exception exception, object? target, string? message = null) =>
        new(exception, $"Optimove.{condition}", CategoryOf(condition), target)
        {
            ErrorDetails = Advice.Attach(message ?? exception.Message, condition, typeof(PSObject).Assembly.GetName().Version!),
        };

    private static ErrorCondition ConditionOf(CheckpointException exception) => exception.Fault switch
    {
        CheckpointFault.Unreadable => ErrorCondition.CheckpointUnreadable,
        CheckpointFault.Unwritable => ErrorCondition.CheckpointUnwritable,
        CheckpointFault.InUse => ErrorCondition.CheckpointInUse,
        CheckpointFault.OtherImport => ErrorCondition.CheckpointMismatch,
        _ => ErrorCondition.SourceChanged,
    };

    private static ErrorCondition ConditionOf(SyncException exception) => exception.Fault switch
    {
        SyncFault.StateUnreadable => ErrorCondition.StateUnreadable,
        SyncFault.StateUnwritable => ErrorCondition.StateUnwritable,
        SyncFault.StateInUse => ErrorCondition.StateInUse,
        SyncFault.OtherState => ErrorCondition.StateMismatch,
        SyncFault.TooManyDeletes => ErrorCondition.TooManyDeletes,
        _ => ErrorCondition.SourceChanged,
    };

    private static ErrorCategory CategoryOf(ErrorCondition condition) => condition switch
    {
        ErrorCondition.AuthenticationFailed or ErrorCondition.SecretUnreadable => ErrorCategory.AuthenticationError,
        ErrorCondition.AccessDenied => ErrorCategory.PermissionDenied,
        ErrorCondition.ConnectionNotFound => ErrorCategory.ObjectNotFound,
        ErrorCondition.RequestInvalid or ErrorCondition.RequestRefused or ErrorCondition.RecordInvalid => ErrorCategory.InvalidData,
        ErrorCondition.RequestTooLarge or ErrorCondition.RateLimitExceeded or ErrorCondition.TooManyRejects => ErrorCategory.LimitsExceeded,
        ErrorCondition.Timeout => ErrorCategory.OperationTimeout,
        ErrorCondition.ServiceUnavailable => ErrorCategory.ResourceUnavailable,
        ErrorCondition.NetworkError or ErrorCondition.NotConnected => ErrorCategory.ConnectionError,
        ErrorCondition.UnexpectedResponse => ErrorCategory.ProtocolError,
        ErrorCondition.SourceUnreadable or ErrorCondition.CheckpointUnreadable or ErrorCondition.StateUnreadable => ErrorCategory.ReadError,
        ErrorCondition.CheckpointUnwritable or ErrorCondition.RejectFileUnwritable or ErrorCondition.StateUnwritable => ErrorCategory.WriteError,
        ErrorCondition.CheckpointInUse or ErrorCondition.StateInUse => ErrorCategory.ResourceBusy,
        ErrorCondition.TooManyDeletes or ErrorCondition.DeletesWithheld => ErrorCategory.LimitsExceeded,
        ErrorCondition.SourceChanged => ErrorCategory.InvalidData,
        ErrorCondition.LoadIncomplete or ErrorCondition.CreateOutcomeUnknown => ErrorCategory.OperationStopped,
        _ => ErrorCategory.InvalidArgument,
    };
}
