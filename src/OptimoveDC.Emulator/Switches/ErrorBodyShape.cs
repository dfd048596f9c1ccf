namespace OptimoveDC.Emulator;

/// <summary>The shape of an error's body.</summary>
public enum ErrorBodyShape
{
    /// <summary><c>{"status":429,"error":"Too Many Requests","message":"…"}</c></summary>
    StatusErrorMessage,

    /// <summary><c>{"error":{"code","message","details","requestId"}}</c> with <c>details</c> a string.</summary>
    NestedError,

    /// <summary><c>{"error":{"code","message","details","requestId"}}</c> with <c>details</c> an object.</summary>
    NestedErrorWithDetailsObject,

    /// <summary><c>{"detail":[{"loc","msg","type"}]}</c>; a plain string in place of the list where no item is at fault.</summary>
    FastApiDetail,

    /// <summary>One line of plain text.</summary>
    PlainText,

    /// <summary>A page as a proxy would write it.</summary>
    Html,

    /// <summary>No body at all.</summary>
    Empty,
}
