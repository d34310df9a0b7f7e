namespace Pipeline.Events;

/// <summary>What an event may be before it is rejected.</summary>
public sealed record EventLimits
{
    /// <summary>Most bytes of JSON. Default 1 MiB; 1 KiB to 16 MiB.</summary>
    public int MaxBytes { get; init; } = 1024 * 1024;

    /// <summary>Deepest nesting of objects and arrays. Default 128; 8 to 1000. Real records go past 64, System.Text.Json's default.</summary>
    public int MaxDepth { get; init; } = 128;

    /// <summary>How far <c>time_us</c> may lie ahead of both the log and the clock. Default 5 minutes.</summary>
    public TimeSpan MaxAhead { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The earliest <c>time_us</c>, in µs since the Unix epoch: 2020-01-01, before the network existed.</summary>
    public const long MinTimeUs = 1_577_836_800_000_000;

    /// <summary>The latest <c>time_us</c> that a folder can be named for, whatever the clock says: the end of the year 9999.</summary>
    public const long MaxTimeUs = 253_402_300_799_999_999;
}
