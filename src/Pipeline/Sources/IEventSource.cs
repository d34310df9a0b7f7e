namespace Pipeline.Sources;

/// <summary>Where events come from: Jetstream, a file replay, or the mock firehose.</summary>
public interface IEventSource
{
    /// <summary>
    /// What the positions belong to, such as <c>jetstream</c>, <c>mock-42</c> or <c>file-1a2b3c4d</c>. It is stored beside every
    /// position, so that a log is never resumed with the position of another source.
    /// </summary>
    string Name { get; }

    /// <summary>True when a session that ended is to be reopened; false when the end of a session is the end of the source.</summary>
    bool IsLive { get; }

    /// <summary>
    /// How far before the last known position to resume, in units of <see cref="SourceMessage.Position"/>: 0 for a source whose
    /// positions are exact, some seconds in microseconds for Jetstream, whose times are neither unique nor monotonic.
    /// What is received twice is dropped by identity.
    /// </summary>
    long Rewind { get; }

    /// <summary>True when the times of its events are those of the clock, so that their age says how far behind it is.</summary>
    bool FollowsClock => false;

    /// <summary>False while a session waits for its connection.</summary>
    bool IsConnected => true;

    /// <summary>Connections that failed, stalled, were lost or were given up, since the start.</summary>
    long Reconnects => 0;

    /// <summary>Reads one session: until the source ends, the connection is lost, or the token is cancelled.</summary>
    /// <param name="position">The first session's place to start: everything up to and including it was kept; null = the source's beginning (live: now).</param>
    IAsyncEnumerable<SourceMessage> ReadAsync(long? position, CancellationToken cancellationToken);
}
