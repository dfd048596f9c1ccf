namespace OptimoveDC.Core.Api;

/// <summary>What went wrong. The error id that a user sees is <c>Optimove.</c> and one of these names.</summary>
public enum ErrorCondition
{
    /// <summary>401: a key is missing, wrong or expired.</summary>
    AuthenticationFailed,

    /// <summary>403: the keys are good, but not for this Data Connection.</summary>
    AccessDenied,

    /// <summary>404: there is no such Data Connection.</summary>
    ConnectionNotFound,

    /// <summary>400 or 422: the service refused a record, or the request as such.</summary>
    RequestInvalid,

    /// <summary>Many records were refused and none accepted: the mistake is one that they share.</summary>
    RequestRefused,

    /// <summary>413: a single record is larger than the service takes.</summary>
    RequestTooLarge,

    /// <summary>429 for longer than the user wants to wait.</summary>
    RateLimitExceeded,

    /// <summary>No answer in time.</summary>
    Timeout,

    /// <summary>5xx after every repetition.</summary>
    ServiceUnavailable,

    /// <summary>The service could not be reached, or the connection broke.</summary>
    NetworkError,

    /// <summary>An answer that the API doesn't know, such as a redirect.</summary>
    UnexpectedResponse,

    /// <summary>A Data Connection may or may not have been created.</summary>
    CreateOutcomeUnknown,

    /// <summary>A record was refused before it was sent: no key, a value that doesn't fit.</summary>
    RecordInvalid,

    /// <summary>A source can't be read, or not to its end.</summary>
    SourceUnreadable,

    /// <summary>A load ended without its batch completed, or with outcomes unknown.</summary>
    LoadIncomplete,

    /// <summary>More records were rejected than the user allowed.</summary>
    TooManyRejects,

    /// <summary>A checkpoint can't be read, or is none.</summary>
    CheckpointUnreadable,

    /// <summary>A checkpoint can't be written: no permission, no space.</summary>
    CheckpointUnwritable,

    /// <summary>The import that a checkpoint belongs to is still running.</summary>
    CheckpointInUse,

    /// <summary>A checkpoint is of another import: another connection, other options.</summary>
    CheckpointMismatch,

    /// <summary>A source is not what it was when the import that is to be resumed began.</summary>
    SourceChanged,

    /// <summary>The file for rejected records can't be written.</summary>
    RejectFileUnwritable,

    /// <summary>The state of a sync can't be read, or is none.</summary>
    StateUnreadable,

    /// <summary>The state of a sync can't be written: no permission, no space.</summary>
    StateUnwritable,

    /// <summary>Another sync is using the state.</summary>
    StateInUse,

    /// <summary>A state is of another Data Connection, or of other options.</summary>
    StateMismatch,

    /// <summary>A sync would delete more than it may: the source may be cut off.</summary>
    TooManyDeletes,

    /// <summary>A sync deleted nothing, because records of its source have no key that is known.</summary>
    DeletesWithheld,

    /// <summary>An argument that can't be used.</summary>
    ArgumentInvalid,

    /// <summary>The secret that holds the keys can't be read, or holds something else.</summary>
    SecretUnreadable,

    /// <summary>There is no open session.</summary>
    NotConnected,
}
