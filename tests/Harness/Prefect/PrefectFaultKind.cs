namespace Pipeline.Tests.Harness.Prefect;

public enum PrefectFaultKind
{
    /// <summary>The connection is cut before the request is looked at.</summary>
    Unreachable,

    /// <summary>The request is carried out, and the connection cut before the answer.</summary>
    LoseAnswer,

    /// <summary>The request is answered 503 and not carried out.</summary>
    Unwell,

    /// <summary>The request is answered 429 with a <c>Retry-After</c> of 2 s, and not carried out.</summary>
    Busy,

    /// <summary>The request is answered <see cref="PrefectFault.Status"/>, and not carried out.</summary>
    Refuse,
}
