using System.Diagnostics;
using FluentAssertions;
using Pipeline.Archiving;
using Pipeline.Sources;
using Pipeline.Sources.Mock;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;
using Pipeline.Tests.Load.Reports;
using Xunit;
using static System.FormattableString;

namespace Pipeline.Tests.Load;

/// <summary>One five-minute window, written in one go. WINDOW_EVENTS changes how many events it holds.</summary>
public sealed class WindowTests(RedisFixture redis)
{
    private static readonly TimeSpan _window = TimeSpan.FromMinutes(5);

    /// <summary>MET-27: a five-minute batch within four minutes.</summary>
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(4);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Five_minutes_of_events_are_written_within_four()
    {
        var events = LoadSettings.WindowEvents;
        await using var rig = await PipelineRig.OpenAsync(
            redis.ConnectionString, r => r.With(log: r.Log with { Linger = TimeSpan.FromMilliseconds(200) }, lake: r.Lake with { Window = _window }));
        var options = new MockFirehoseOptions { EventsPerSecond = (int)Math.Ceiling(events / _window.TotalSeconds), Events = events };
        await using var watch = new MemoryWatch(rig.Database);
        await rig.IngestAsync(new MockSource(options), Token);
        var appended = (await rig.Logs[0].ReadStateAsync()).Offset;

        var (clock, written) = (Stopwatch.StartNew(), new WriteStats());
        await rig.DrainAsync(Token, written);

        var table = new Table("window", "One five-minute window, from the log to committed files.", "events", "rows", "files", "bytes", "written in");
        table.Add(Invariant($"{events:N0}"), Invariant($"{written.Rows:N0}"), Invariant($"{written.Files}"), Invariant($"{written.Bytes / 1e6:0} MB"), Invariant($"{clock.Elapsed.TotalSeconds:0.0} s, {written.Rows / clock.Elapsed.TotalSeconds:N0} rows/s"));
        table.Add(await watch.ChartAsync());
        TestContext.Current.TestOutputHelper!.WriteLine(table.Write());
        clock.Elapsed.Should().BeLessThan(_limit);
        written.Rows.Should().BePositive().And.Be(appended);
        rig.Read().CountByType().Values.Sum().Should().Be(appended);
    }
}
