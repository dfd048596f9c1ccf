namespace OptimoveDC.Emulator;

/// <summary>Whether a number and a string of the same text are one primary key.</summary>
public enum KeyIdentity
{
    /// <summary><c>54490</c> and <c>"54490"</c> are two keys.</summary>
    Distinct,

    /// <summary><c>54490</c> and <c>"54490"</c> are one key.</summary>
    SameText,
}
