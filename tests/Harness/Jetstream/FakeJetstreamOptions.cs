namespace Pipeline.Tests.Harness.Jetstream;

/// <summary>How a fake server behaves when nothing is wrong with it.</summary>
public sealed class FakeJetstreamOptions
{
    /// <summary>What it has to send. Default: a new, empty log.</summary>
    public FakeEventLog Events { get; init; } = new();

    /// <summary>How far its clock is ahead of the events' <c>time_us</c>. Default 0.</summary>
    public TimeSpan ClockOffset { get; init; }

    /// <summary>Replayed events are shuffled within blocks of this many. Default 1: in order.</summary>
    public int ReorderWindow { get; init; } = 1;

    /// <summary>Seed of that shuffle. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Messages per second and connection; null = as fast as they are read. Default null.</summary>
    public double? MessagesPerSecond { get; init; }

    /// <summary>How often it pings; null = never. Default null.</summary>
    public TimeSpan? PingInterval { get; init; }

    /// <summary>It hangs up when a pong takes longer. Default 5 s.</summary>
    public TimeSpan PongTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
