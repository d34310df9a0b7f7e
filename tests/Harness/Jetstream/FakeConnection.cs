namespace Pipeline.Tests.Harness.Jetstream;

/// <summary>One request to subscribe, accepted or refused, as the fake server saw it.</summary>
public sealed class FakeConnection
{
    private int _framesSent;

    /// <summary>1 for the first accepted connection; 0 when refused.</summary>
    public int Number { get; internal init; }

    /// <summary>HTTP status of the answer: 101, or why it was refused.</summary>
    public required int Status { get; init; }

    /// <summary>The <c>cursor</c> asked for, in Unix microseconds; null = live, or unparsable.</summary>
    public long? Cursor { get; init; }

    public required IReadOnlyList<string> WantedCollections { get; init; }

    /// <summary>The query string as it came.</summary>
    public required string Query { get; init; }

    public required DateTimeOffset OpenedAt { get; init; }

    public DateTimeOffset? EndedAt { get; internal set; }

    /// <summary>True when the client said goodbye with a close frame.</summary>
    public bool ClosedByClient { get; internal set; }

    /// <summary>Complete messages handed to the network; the client need not have read them.</summary>
    public int FramesSent => Volatile.Read(ref _framesSent);

    /// <summary>The end of the log when the request came: whoever saw the connection may append, and the client gets it.</summary>
    internal int LiveFrom { get; init; }

    internal void Sent() => Interlocked.Increment(ref _framesSent);

    public override string ToString() => $"#{Number} HTTP {Status} cursor={Cursor} sent={FramesSent} ended={EndedAt is not null}";
}
