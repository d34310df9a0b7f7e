namespace Pipeline.Sources;

/// <summary>Where Jetstream is and how patiently it is read. The wire: https://github.com/bluesky-social/jetstream</summary>
public sealed class JetstreamOptions
{
    /// <summary>
    /// Hosts, tried in turn: after a failure the next one is used. A bare name means <c>wss://name/subscribe</c>; a full
    /// <c>ws://</c> or <c>wss://</c> address is taken as given. Default: the four public v1 hosts.
    /// </summary>
    public IReadOnlyList<string> Hosts { get; init; } =
    [
        "jetstream2.us-east.bsky.network",
        "jetstream1.us-east.bsky.network",
        "jetstream2.us-west.bsky.network",
        "jetstream1.us-west.bsky.network",
    ];

    /// <summary>Collections asked for (<c>wantedCollections</c>), at most 100. Default: posts, likes, reposts, follows, blocks.</summary>
    public IReadOnlyList<string> Collections { get; init; } =
    [
        "app.bsky.feed.post",
        "app.bsky.feed.like",
        "app.bsky.feed.repost",
        "app.bsky.graph.follow",
        "app.bsky.graph.block",
    ];

    /// <summary>How far before the last position a session resumes: times are neither unique nor monotonic. Default 10 s; 0 or more.</summary>
    public TimeSpan Rewind { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest the handshake may take. Default 10 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A session without a message for this long is taken for dead: connections stall silently. Default 30 s.</summary>
    public TimeSpan NoEventsTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>About how long the first retry after a failure waits; it doubles, with jitter, until a session delivers again. Default 1 s.</summary>
    public TimeSpan ReconnectDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait between two retries. Default 30 s; not below <see cref="ReconnectDelay"/>.</summary>
    public TimeSpan ReconnectDelayMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Messages received but not yet taken by the consumer, at most. Default 8,192; 1 or more.</summary>
    public int BufferMessages { get; init; } = 8_192;

    /// <summary>Bytes held by those messages, at most; a single message always fits. Default 16 MiB.</summary>
    public long BufferBytes { get; init; } = 16L * 1024 * 1024;

    /// <summary>
    /// How long one message may wait for room in a full buffer before the session hangs up: a client that stops receiving does not
    /// answer pings and is dropped anyway. What is buffered is still delivered; the next session resumes there. Default 2 s.
    /// </summary>
    public TimeSpan SlowConsumerTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Bytes kept of one message; the rest is received and dropped. Default 1 MiB; 1 or more.</summary>
    public int MaxEventBytes { get; init; } = 1024 * 1024;

    /// <exception cref="SourceException">A value is out of range; the message names it.</exception>
    internal void Validate()
    {
        Require(Hosts.Count > 0, nameof(Hosts), "(empty)", "name at least one host");
        foreach (var host in Hosts)
            Require(JetstreamAddress.TryParse(host, out _), nameof(Hosts), host, "use a host name, or an address that starts with ws:// or wss://");

        Require(Collections.Count <= 100, nameof(Collections), $"{Collections.Count} entries", "Jetstream takes at most 100");
        Require(Rewind >= TimeSpan.Zero, nameof(Rewind), Rewind, "use 0 or more");
        Require(ConnectTimeout > TimeSpan.Zero, nameof(ConnectTimeout), ConnectTimeout, "use more than 0");
        Require(NoEventsTimeout > TimeSpan.Zero, nameof(NoEventsTimeout), NoEventsTimeout, "use more than 0");
        Require(ReconnectDelay > TimeSpan.Zero, nameof(ReconnectDelay), ReconnectDelay, "use more than 0");
        Require(ReconnectDelayMax >= ReconnectDelay, nameof(ReconnectDelayMax), ReconnectDelayMax, $"use {ReconnectDelay} or more");
        Require(BufferMessages > 0, nameof(BufferMessages), BufferMessages, "use 1 or more");
        Require(BufferBytes > 0, nameof(BufferBytes), BufferBytes, "use 1 or more");
        Require(SlowConsumerTimeout > TimeSpan.Zero, nameof(SlowConsumerTimeout), SlowConsumerTimeout, "use more than 0");
        Require(MaxEventBytes > 0, nameof(MaxEventBytes), MaxEventBytes, "use 1 or more");
    }

    private static void Require(bool holds, string name, object value, string advice)
    {
        if (!holds)
            throw new SourceException($"JetstreamOptions.{name} is {value}; {advice}.");
    }
}
