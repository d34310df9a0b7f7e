using Pipeline.Monitoring.StatusPage;

namespace Pipeline.Tests.Unit.Monitoring.StatusPage;

/// <summary>Readings of a pipeline that is well.</summary>
internal static class Readings
{
    public static readonly DateTimeOffset Start = new(2026, 7, 4, 14, 0, 0, TimeSpan.Zero);

    public static readonly StatusProgram Program = new("1.2.3", Start, "mock", "bluesky", "/data/lake", 300, ["post", "like"]);

    /// <param name="seconds">Since <see cref="Start"/>.</param>
    public static StatusReading At(double seconds, long posts = 0, long likes = 0, long waiting = 0, bool up = true) => new(
        Start.AddSeconds(seconds),
        new SourceStatus(Connected: true, FollowsClock: true, Ended: false, Paused: false, Start.AddSeconds(seconds), posts + likes, [posts, likes]),
        new BufferStatus(up, waiting, null, 1000 + waiting, 2000, 0.6, 0.75),
        new WriterStatus(null, 0, 0, 0, 0, null, null, [], []),
        []);
}
