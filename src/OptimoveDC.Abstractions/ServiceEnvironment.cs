namespace OptimoveDC;

/// <summary>Which of the service's addresses a session speaks to.</summary>
public enum ServiceEnvironment
{
    /// <summary>The production service.</summary>
    Production,

    /// <summary>The staging service, where an account has it.</summary>
    Staging,

    /// <summary>An address given by the user: a proxy, a gateway.</summary>
    Custom,

    /// <summary>The emulator on this machine.</summary>
    Emulator,
}
