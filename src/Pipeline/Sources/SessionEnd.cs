namespace Pipeline.Sources;

/// <summary>Why a Jetstream session ended.</summary>
internal enum SessionEnd
{
    /// <summary>The consumer asked for no more.</summary>
    Stopped,

    /// <summary>The server sent a close frame.</summary>
    ClosedByServer,

    /// <summary>The connection broke without one.</summary>
    Lost,

    /// <summary>Open, but nothing arrived for too long.</summary>
    Stalled,

    /// <summary>We hung up: the buffer was full for too long.</summary>
    ConsumerTooSlow,
}
