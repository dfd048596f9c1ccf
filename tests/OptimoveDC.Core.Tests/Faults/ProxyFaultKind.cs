namespace OptimoveDC.Core.Tests.Faults;

/// <summary>What may go wrong with a connection. A reset is a real one: the other side sees its connection end without a farewell.</summary>
public enum ProxyFaultKind
{
    /// <summary>The connection is reset before anything was passed on, and new ones are refused for a while.</summary>
    Refuse,

    /// <summary>A reset after the head of the request; its body is not read.</summary>
    ResetBeforeBody,

    /// <summary>A reset, on both sides, after a part of the body was passed on.</summary>
    ResetDuringBody,

    /// <summary>The request is delivered and carried out; a reset takes the place of the answer.</summary>
    ResetAfterBody,

    /// <summary>The request is never passed on and never answered: its sender gives up some time.</summary>
    Stall,

    /// <summary>The request is passed on in parts, with pauses between them.</summary>
    SlowRequest,

    /// <summary>The answer is passed back in parts, with pauses between them.</summary>
    SlowAnswer,

    /// <summary>The answer ends in the middle, and the connection with it.</summary>
    CutAnswer,

    /// <summary>Something that is no HTTP takes the place of the answer.</summary>
    GarbledHead,

    /// <summary>The answer keeps its status, and a page of HTML takes the place of its body.</summary>
    GarbledBody,
}
