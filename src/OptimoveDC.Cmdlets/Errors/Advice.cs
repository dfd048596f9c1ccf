using System.Management.Automation;
using OptimoveDC.Core.Api;

namespace OptimoveDC.Cmdlets.Errors;

/// <summary>What a user can do about each error. The first three are the advice of the service's own guide.</summary>
internal static class Advice
{
    // The first whose default view of an error shows the recommended action.
    private static readonly Version FirstToShow = new(7, 5);

    /// <summary>Puts the advice beside the message, and into it where the shell would not show it.</summary>
    /// <param name="message">What went wrong.</param>
    /// <param name="condition">What there is advice for.</param>
    /// <param name="engine">The version of the shell's engine.</param>
    internal static ErrorDetails Attach(string message, ErrorCondition condition, Version engine)
    {
        var advice = For(condition);
        return new ErrorDetails(engine >= FirstToShow ? message : $"{message.TrimEnd('.')}. {advice}") { RecommendedAction = advice };
    }

    internal static string For(ErrorCondition condition) => condition switch
    {
        ErrorCondition.AuthenticationFailed =>
            "Verify that the API key and the brand key are correct and not expired; regenerate them in the Opti-X UI (Developer Tools). A new key takes some minutes to work. Then run Connect-Optimove again.",
        ErrorCondition.RequestInvalid =>
            "Make sure that the primary key exists in the Data Connection, and check the list of keys for typos and invalid entries. Quote keys with leading zeros: a bare 0000042 is the number 42.",
        ErrorCondition.RateLimitExceeded =>
            "Send fewer requests: wait, raise -MaxThrottleWait, or ask the service's support for a higher limit.",
        ErrorCondition.AccessDenied =>
            "The keys are valid, but not for this Data Connection. Check that -DataConnectionId belongs to the brand of the brand key, and that the API key is of a type that may write.",
        ErrorCondition.ConnectionNotFound =>
            "Check -DataConnectionId: copy it from the Opti-X UI, or create a Data Connection with New-OptimoveDataConnection.",
        ErrorCondition.RequestRefused =>
            "Compare one refused record with what the Data Connection expects: the name of its primary key (-KeyProperty), the type of the key (-KeyType) and of its columns (-ColumnType).",
        ErrorCondition.RequestTooLarge =>
            "The record alone is larger than the service takes. Shorten its fields.",
        ErrorCondition.Timeout =>
            "Try again later; raise -TimeoutSec of Connect-Optimove, or lower -BatchSize so that each request is smaller.",
        ErrorCondition.ServiceUnavailable =>
            "Try again later. If it lasts, give the request id to the service's support.",
        ErrorCondition.NetworkError =>
            "Check the address (Connect-Optimove -Uri), the network, and the proxy (-Proxy, -ProxyCredential).",
        ErrorCondition.UnexpectedResponse =>
            "Check that Connect-Optimove -Uri is the address of the API itself: a proxy or a login page may have answered in its place.",
        ErrorCondition.CreateOutcomeUnknown =>
            "Look for the Data Connection in the Opti-X UI before you create it again: there could be two.",
        ErrorCondition.RecordInvalid =>
            "Mend the record and send it again; all others were handled.",
        ErrorCondition.SourceUnreadable =>
            "Check the path and the names of the columns, fix the file at the line that is named, or the query; then run the command again.",
        ErrorCondition.LoadIncomplete =>
            "Look at the result (the target of this error) for what was sent, and mend what was rejected; then run the command again with the same source: sending a record twice does no harm.",
        ErrorCondition.TooManyRejects =>
            "Look at the first rejected records: they often share one mistake. Raise -MaxReject to go on in spite of them.",
        ErrorCondition.SecretUnreadable =>
            "Check the name of the secret and of its vault (Get-SecretInfo), that the vault is unlocked, and what the secret holds: a credential whose user name is the brand key and whose password is the API key, or the API key alone with -BrandKey.",
        ErrorCondition.CheckpointUnreadable =>
            "Give the right file with -CheckpointPath, or import afresh without -Resume.",
        ErrorCondition.CheckpointUnwritable =>
            "Make room on the disk, or give -CheckpointPath a place that can be written; then run the command again with -Resume.",
        ErrorCondition.CheckpointInUse =>
            "Wait until the other import of this source has ended, or stop it.",
        ErrorCondition.CheckpointMismatch =>
            "Resume with the options that the import was begun with (Get-OptimoveImport shows the command), or import afresh without -Resume.",
        ErrorCondition.SourceChanged =>
            "Restore the source as it was and resume, or import it afresh without -Resume: a new batch then holds all of it.",
        ErrorCondition.RejectFileUnwritable =>
            "Make room on the disk, or give -RejectPath a place that can be written; then run the command again, an import with -Resume.",
        ErrorCondition.StateUnreadable =>
            "Give the right file with -StatePath. If it is damaged, name a new one: the next sync then sends everything once.",
        ErrorCondition.StateUnwritable =>
            "Make room on the disk, or give -StatePath a place that can be written; then run the sync again.",
        ErrorCondition.StateInUse =>
            "Wait until the other sync has ended, or stop it.",
        ErrorCondition.StateMismatch =>
            "Sync with the options that the state was made with. For other options run it once with -Full; for another Data Connection or other keys name another -StatePath.",
        ErrorCondition.TooManyDeletes =>
            "Look whether the source is whole. If so many records are really to go, raise -MaxDeletePercent for this once.",
        ErrorCondition.DeletesWithheld =>
            "Fix the rows that were rejected without a key, or what wrote the error upstream (with -ErrorAction Stop there, the sync ends instead), and run the sync again: it then deletes what is missing.",
        ErrorCondition.NotConnected =>
            "Run Connect-Optimove first, or hand over a session with -Session. Each runspace has its own.",
        _ => "Correct the argument; Get-Help shows what it takes.",
    };
}
