using FluentAssertions;
using Pipeline.Archiving;
using Pipeline.Archiving.Compacting;
using Pipeline.Archiving.Verifying;
using Pipeline.Events;
using Pipeline.Sources.Mock;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Lake;
using Pipeline.Tests.Harness.Pipelines;
using Pipeline.Tests.Load.Scenarios;
using Pipeline.Tests.Load.Targets;
using Xunit;

namespace Pipeline.Tests.Load;

/// <summary>Both halves at work on one Redis, as they are in production, and hours of long ago compacted beside them.</summary>
public sealed class MixedTests(RedisFixture redis)
{
    private const int Rate = 5000;
    private const int OldHours = 6;
    private const int OldEventsPerSecond = 16;
    private static readonly DateTimeOffset _longAgo = new(2026, 7, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan _linger = TimeSpan.FromMilliseconds(200);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Appending_holds_its_rate_while_the_writer_drains_and_a_compaction_runs_and_every_event_is_there()
    {
        await using var rig = await PipelineRig.OpenAsync(
            redis.ConnectionString,
            r => r.With(log: r.Log with { Linger = _linger, LookBack = TimeSpan.FromSeconds(1) }, lake: r.Lake with { Window = TimeSpan.FromSeconds(2) }));
        var old = await WriteOldHoursAsync(rig);
        var written = new WriteStats();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var writing = rig.WriteLoopAsync(stop.Token, written);
        var compacting = CompactAsync(rig, written, stop.Token);
        long windows, appended;
        await using (var target = IngestTarget.Start(rig, Rate))
        {
            await LoadRun.PassAsync(new Scenario(
                "mixed", "5,000 events a second appended while closed windows of 2 s are written to the lake by the same process, and hours of long ago compacted.",
                RateProfile.Steady(Rate, LoadSettings.Short), TimeSpan.FromSeconds(3), target.AppendAsync, new Thresholds(), _linger));
            windows = written.Windows;
            appended = target.Stats.Acknowledged;
        }

        windows.Should().BePositive("nothing was drained meanwhile, otherwise");
        (await compacting).Should().Be(OldHours * 5, "each hour has five tables of events, and 12 files of each");
        await rig.CloseWindowsAsync();
        await Eventually.TrueAsync("every event to be in the lake", () => written.Rows >= appended, Deadlines.Recovery);
        await stop.CancelAsync();
        await writing;
        written.Rows.Should().Be(appended);
        written.Lost.Should().Be(0);
        rig.Read().CountByType().Values.Sum().Should().Be(appended + old);
        (await new LakeVerifier(rig.Lake).VerifyAsync(null, Token)).Findings.Should().BeEmpty();
    }

    /// <returns>How many rows.</returns>
    private static async Task<long> WriteOldHoursAsync(PipelineRig rig)
    {
        var options = new MockFirehoseOptions { Start = _longAgo, EventsPerSecond = OldEventsPerSecond };
        var (reader, parser, rows) = (new MockFirehose(options).From(0), new EventParser(new EventLimits()), 0L);
        for (var window = 0; window < OldHours * 12; window++)
        {
            var events = new List<byte[]>();
            for (var i = 0; i < OldEventsPerSecond * 300 && reader.Next(); i++)
            {
                if (parser.Parse(reader.Current).Kind == EventKind.Archived) events.Add(reader.Current.ToArray());
            }

            rows += (await WindowFiles.WriteAsync(rig.Lake with { Window = TimeSpan.FromMinutes(5) }, _longAgo.AddMinutes(5 * window), events, Token)).Files.Sum(f => f.Rows);
        }

        return rows;
    }

    /// <returns>How many hours of tables were compacted.</returns>
    private static async Task<int> CompactAsync(PipelineRig rig, WriteStats written, CancellationToken stop)
    {
        // What is finished is known once there is a later window.
        await Eventually.TrueAsync("a window to be written", () => written.Windows > 0, Deadlines.Recovery);
        var compacted = 0;
        await foreach (var hour in new LakeCompactor(rig.Lake, TimeProvider.System).CompactAsync(stop))
        {
            hour.LeftAlone.Should().BeNull();
            compacted++;
        }

        return compacted;
    }
}
