using Pipeline.Archiving;
using Pipeline.Monitoring;
using Pipeline.Monitoring.StatusPage;

namespace Pipeline.Tests.Integration.Monitoring.StatusPage;

/// <summary>Readings of a pipeline that does not exist.</summary>
internal static class MadeUp
{
    public static readonly StatusProgram Program = new("1.2.3", DateTimeOffset.UnixEpoch, "mock", "bluesky", "/data/lake", 300, LakeFileName.Tables);

    public static readonly Problem Trouble = new("buffer", "Redis does not answer.", "Start it.");

    // Everything as wide as it gets, and a name that would be mark-up if it were not text.
    private const string Path =
        "year=2026/month=07/day=04/hour=14/type=<img src=x onerror=alert(1)>/rejected-20260704T140500Z-1023-and-a-name-without-any-place-to-break-it-in-two.parquet";

    private static readonly long _started = TimeProvider.System.GetTimestamp();

    /// <summary>All is well, and counters grow as time goes on.</summary>
    public static StatusReading Well()
    {
        var now = TimeProvider.System.GetUtcNow();
        var seconds = TimeProvider.System.GetElapsedTime(_started).TotalSeconds;
        long Grown(double rate) => (long)(seconds * rate);
        return new StatusReading(
            now,
            new SourceStatus(Connected: true, FollowsClock: true, Ended: false, Paused: false, now.AddSeconds(-0.4), Grown(345),
                [Grown(41), Grown(236), Grown(34), Grown(23), Grown(7), Grown(1)]),
            new BufferStatus(Up: true, 54_321, now.AddSeconds(-158), 40_000_000, 2_000_000_000, 0.65, 0.75),
            new WriterStatus(now.AddSeconds(-158), 1_234_567, 61, 166_000_000, 0, now.AddSeconds(142), null, [Window(now, 102_345, 1.234)], [new FileLine(Path, 1_234_567, 123_456_789, now)]),
            []);
    }

    /// <summary>Everything is wrong at once.</summary>
    public static StatusReading Ill()
    {
        var well = Well();
        var failed = new RunLine(
            well.Time, "failed", null, null, 0, 0, 0, 12.3, "Cannot write to lake '/data/a-long-folder-name-that-has-no-place-to-break-it-in-two/lake': No space left on device.", 1234);
        return well with
        {
            Source = well.Source with { Paused = true, Position = well.Time.AddHours(-30) },
            Buffer = well.Buffer! with { Up = false, Events = 123_456_789 },
            Writer = well.Writer with { Rows = 12_345_678_901, Lost = 12_345, Next = null, Paused = well.Time.AddHours(-2), Runs = [failed, Window(well.Time.AddDays(-2), 12_345_678, 3725)] },
            Problems = [Trouble, new Problem("writer", "No window has been written for 2 h; /data/a-long-folder-name-that-has-no-place-to-break-it-in-two/lake is full.", "Make room.")],
        };
    }

    private static RunLine Window(DateTimeOffset end, long rows, double seconds) => new(end, "written", end.AddMinutes(-5), end, rows, 6, rows * 140, seconds, null, 1);
}
