using FluentAssertions;
using Pipeline.Archiving;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;
using Pipeline.Tests.Load.Scenarios;
using Pipeline.Tests.Load.Targets;
using Xunit;

namespace Pipeline.Tests.Load;

/// <summary>Both halves at work on one Redis, as they are in production.</summary>
public sealed class MixedTests(RedisFixture redis)
{
    private const int Rate = 5000;
    private static readonly TimeSpan _linger = TimeSpan.FromMilliseconds(200);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Appending_holds_its_rate_while_the_writer_drains_and_every_event_is_written()
    {
        await using var rig = await PipelineRig.OpenAsync(
            redis.ConnectionString,
            r => r.With(log: r.Log with { Linger = _linger, LookBack = TimeSpan.FromSeconds(1) }, lake: r.Lake with { Window = TimeSpan.FromSeconds(2) }));
        var written = new WriteStats();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var writing = rig.WriteLoopAsync(stop.Token, written);
        long windows, appended;
        await using (var target = IngestTarget.Start(rig, Rate))
        {
            await LoadRun.PassAsync(new Scenario(
                "mixed", "5,000 events a second appended while closed windows of 2 s are written to the lake by the same process.",
                RateProfile.Steady(Rate, LoadSettings.Short), TimeSpan.FromSeconds(3), target.AppendAsync, new Thresholds(), _linger));
            windows = written.Windows;
            appended = target.Stats.Acknowledged;
        }

        windows.Should().BePositive("nothing was drained meanwhile, otherwise");
        await rig.CloseWindowsAsync();
        await Eventually.TrueAsync("every event to be in the lake", () => written.Rows >= appended, Deadlines.Recovery);
        await stop.CancelAsync();
        await writing;
        written.Rows.Should().Be(appended);
        written.Lost.Should().Be(0);
        rig.Read().CountByType().Values.Sum().Should().Be(appended);
    }
}
