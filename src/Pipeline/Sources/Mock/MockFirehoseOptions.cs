namespace Pipeline.Sources.Mock;

/// <summary>What the mock firehose plays, and how fast.</summary>
public sealed record MockFirehoseOptions
{
    /// <summary>The same seed gives the same bytes, on every machine. Default 42.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>The time of event 0. Default 2026-07-04T14:00:00Z.</summary>
    public DateTimeOffset Start { get; init; } = new(2026, 7, 4, 14, 0, 0, TimeSpan.Zero);

    /// <summary>Events per second of the log's own time, <c>time_us</c>; not the speed of play. Default 343, the mean of 2026; 1 to 1,000,000.</summary>
    public int EventsPerSecond { get; init; } = 343;

    /// <summary>How many events there are; null (default) = the stream never ends.</summary>
    public long? Events { get; init; }

    /// <summary>Events per second of real time, for <see cref="MockSource"/>; null (default) or 0 = as fast as they are read.</summary>
    public double? Rate { get; init; }

    /// <summary>How the events divide into kinds. Default: July 2026.</summary>
    public MockMix Mix { get; init; } = new();
}
