namespace Pipeline.Tests.Harness.Prefect;

public enum PrefectFaultKind
{
    /// <summary>The connection is cut before the request is looked at.</summary>
    Unreachable,

    /// <summary>The request is carried out, and the connection cut before the answer.</summary>
    LoseAnswer,

    /// <summary>The request is answered 503 and not carried out.</summary>
    Unwell,
}
