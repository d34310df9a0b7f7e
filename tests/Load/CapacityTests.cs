using System.Diagnostics;
using FluentAssertions;
using Pipeline.Archiving;
using Pipeline.Buffering;
using Pipeline.Sources;
using Pipeline.Sources.Mock;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;
using Pipeline.Tests.Load.Reports;
using Xunit;
using static System.FormattableString;

namespace Pipeline.Tests.Load;

/// <summary>Eight hours of buffer in 2 GB, as docker/redis/redis.conf sets it up. CAPACITY_EVENTS changes how many events they hold.</summary>
public sealed class CapacityTests
{
    private const int Hours = 8;

    /// <summary>MET-27: below 80% with 8 hours in the buffer.</summary>
    private const double Limit = 0.8;

    /// <summary>Ours, for the 2.7M events that MET-27 counts in 8 hours.</summary>
    private const double OwnLimit = 0.3;
    private const long EventsOfMet27 = 2_700_000;

    /// <summary>Events that have come and gone before, so that what stays in an empty buffer is there: ballast and a look-back.</summary>
    private const long First = 1000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Eight_hours_of_events_fit_come_back_with_every_byte_and_leave_nothing_behind()
    {
        var events = LoadSettings.CapacityEvents;
        await using var server = await RedisServer.StartNewAsync();
        await using var rig = await PipelineRig.OpenAsync(
            server.ConnectionString,
            r => r.With(
                log: r.Log with { Linger = TimeSpan.FromMilliseconds(200), LookBack = TimeSpan.FromSeconds(1), HighWater = Limit, LowWater = Limit - 0.1 }, lake: r.Lake with { Window = TimeSpan.FromMinutes(5) }));
        var options = new MockFirehoseOptions { EventsPerSecond = (int)Math.Max(1, events / TimeSpan.FromHours(Hours).TotalSeconds), Events = events };
        var gauge = new MemoryGauge(rig.Database, "any");

        await rig.IngestAsync(new MockSource(options with { Events = First }), Token);
        await rig.DrainAsync(Token);
        var (start, after) = (await SettledAsync(gauge), (await rig.Logs[0].ReadTailAsync()).Last);
        var table = new Table("capacity", Invariant($"{events:N0} mock events of 2026's mix as {Hours} hours of log time, in a Redis with docker/redis/redis.conf."), "what", "measured");

        await using var watch = new MemoryWatch(rig.Database);
        var stats = new IngestStats();
        var clock = Stopwatch.StartNew();
        await IngestAsync(rig, options, stats);
        table.Add("appended", Invariant($"{stats.Acknowledged:N0} records in {clock.Elapsed.TotalSeconds:0} s"));
        var full = await SettledAsync(gauge);
        table.Add("memory, full", Invariant($"{full.Used / 1e6:0} MB, {(double)full.Used / full.Max:P1} of maxmemory, {(full.Used - start.Used) / (double)stats.Acknowledged:0.0} bytes a record"));

        clock.Restart();
        var compared = await LogComparison.ReadAsync(rig.Logs[0], options, Token, after, First);
        table.Add("read back", Invariant($"{compared.Compared:N0} records compared byte by byte in {clock.Elapsed.TotalSeconds:0} s, {compared.Different} differ"));

        clock.Restart();
        var written = new WriteStats();
        await rig.DrainAsync(Token, written);
        table.Add("drained", Invariant($"{written.Rows:N0} rows, {written.Windows:N0} windows, {written.Files:N0} files, {written.Bytes / 1e6:0} MB in {clock.Elapsed.TotalSeconds:0} s"));
        var end = await SettledAsync(gauge);
        table.Add("memory", Invariant($"{start.Used / 1e6:0.0} MB before, {watch.Peak.Used / 1e6:0} MB peak ({watch.PeakShare:P1}), {end.Used / 1e6:0.0} MB after"));
        table.Add(await watch.ChartAsync());
        TestContext.Current.TestOutputHelper!.WriteLine(table.Write());

        compared.Different.Should().Be(0);
        compared.Compared.Should().BePositive().And.Be(stats.Acknowledged);
        watch.Looks.Should().BeGreaterThan(10);
        watch.PeakShare.Should().BeLessThan(events <= EventsOfMet27 ? OwnLimit : Limit);
        written.Rows.Should().Be(stats.Acknowledged);
        written.Lost.Should().Be(0);
        rig.Read().CountByType().Values.Sum().Should().BeGreaterThan(written.Rows).And.BeLessThanOrEqualTo(written.Rows + First);
        await ExpectOnlyTheLookBackAsync(rig);
        ((double)end.Used).Should().BeLessThan(start.Used * 1.05, "what was processed has to be deleted");
    }

    /// <summary>
    /// Reading may go on up to MET-27's limit: as shipped it pauses at 75%, which is half an hour before 8 hours of 2026's events are full. Here nobody makes room, so a pause
    /// would last for ever.
    /// </summary>
    private static async Task IngestAsync(PipelineRig rig, MockFirehoseOptions options, IngestStats stats)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var ingesting = rig.IngestAsync(new MockSource(options), stop.Token, stats);
        while (!ingesting.IsCompleted && stats.Pauses == 0) await Task.WhenAny(ingesting, Task.Delay(Deadlines.Quiet, Token));
        if (stats.Pauses > 0) await stop.CancelAsync();
        await ingesting;
        stats.Pauses.Should().Be(0, "{0:N0} records filled Redis up to {1:P0}", stats.Acknowledged, Limit);
    }

    /// <summary>Every processed entry is deleted, but for the second of log time that is kept to recognise repeated events.</summary>
    private static async Task ExpectOnlyTheLookBackAsync(PipelineRig rig)
    {
        var log = rig.Logs[0];
        var state = await log.ReadStateAsync();
        state.CommittedOffset.Should().Be(state.Offset).And.BePositive();
        var first = await log.ReadFirstAsync(LogEntryId.Zero);
        var tail = await log.ReadTailAsync();
        (tail.Last!.Value.Ms - first!.Id.Ms).Should().BeLessThanOrEqualTo((long)rig.Log.LookBack.TotalMilliseconds + 1000);
    }

    /// <summary>The append-only file's buffer counts as used memory until it is synced, once a second.</summary>
    private static async Task<MemoryReading> SettledAsync(MemoryGauge gauge)
    {
        var last = await gauge.ReadAsync();
        while (true)
        {
            await Task.Delay(Deadlines.Quiet, Token);
            var now = await gauge.ReadAsync();
            if (Math.Abs(now.Used - last.Used) < 1_000_000) return now;
            last = now;
        }
    }
}
