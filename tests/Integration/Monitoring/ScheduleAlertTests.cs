using FluentAssertions;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Integration.Scheduling;
using Xunit;

namespace Pipeline.Tests.Integration.Monitoring;

/// <summary>Trouble with the schedule, as it reaches Slack. Runs that fail are in <see cref="FlowAlertTests"/>.</summary>
[Collection(typeof(WatchedHalvesCollection))]
public sealed class ScheduleAlertTests(WatchedHalves pipeline)
{
    private static readonly TimeSpan _someRuns = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task Runs_that_are_missed_because_the_machine_sleeps_are_reported()
    {
        var inbox = await pipeline.ListenAsync();

        // Again and again, as a program that does not answer is a greater trouble, which silences this one.
        await Eventually.TrueAsync("Slack to hear of missed runs", async () =>
        {
            pipeline.Writer.Suspend();
            await Task.Delay(_someRuns, TestContext.Current.CancellationToken);
            pipeline.Writer.Resume();
            await Task.Delay(_someRuns, TestContext.Current.CancellationToken);
            return inbox.Alerts.Contains("ScheduleRunsMissed");
        }, Deadlines.Alert);
        var missed = await inbox.FiringAsync("ScheduleRunsMissed", Inbox.Warnings);
        var over = await inbox.ResolvedAsync("ScheduleRunsMissed", Inbox.Warnings);

        missed.Should().Tell(@"About [\d.]+ runs .* were missed", $"pipeline:{pipeline.WriterPort}");
        over.Should().TellTheEnd($"pipeline:{pipeline.WriterPort}");
    }

    [Fact]
    public async Task A_schedule_that_is_paused_is_a_warning_and_critical_when_it_is_forgotten()
    {
        var inbox = await pipeline.ListenAsync();

        await ScheduledProgram.PrintOfAsync(["schedule", "pause", "--schedule-db", pipeline.ScheduleDatabase]);
        var paused = await inbox.FiringAsync("SchedulePaused", Inbox.Warnings);
        var forgotten = await inbox.FiringAsync("SchedulePausedTooLong", Inbox.Critical);
        // In this order: a warning waits longer, so that what is critical would have been told by then.
        await pipeline.FiresAsync("WriterStale");
        await pipeline.FiresAsync("BufferFallsBehind");
        var told = inbox.Alerts;
        await ScheduledProgram.PrintOfAsync(["schedule", "resume", "--schedule-db", pipeline.ScheduleDatabase]);
        var over = await inbox.ResolvedAsync("SchedulePausedTooLong", Inbox.Critical);
        await inbox.ResolvedAsync("SchedulePaused", Inbox.Warnings);

        paused.Should().Tell("Somebody has paused the schedule", $"pipeline:{pipeline.WriterPort}");
        forgotten.Should().Tell(@"has been paused for [\d.]+s", $"pipeline:{pipeline.WriterPort}");
        over.Should().TellTheEnd($"pipeline:{pipeline.WriterPort}");
        told.Should().NotContain("WriterStale", "a schedule that is paused writes nothing");
    }

    [Fact]
    public async Task A_database_that_the_schedule_cannot_use_is_reported_until_it_can()
    {
        var inbox = await pipeline.ListenAsync();

        using var broken = BrokenDatabase.Break(pipeline.ScheduleDatabase, DatabaseFault.Locked);
        var down = await inbox.FiringAsync("ScheduleStoreDown", Inbox.Warnings);
        broken.Mend();
        var over = await inbox.ResolvedAsync("ScheduleStoreDown", Inbox.Warnings);

        down.Should().Tell("cannot use the database of its schedule", $"pipeline:{pipeline.WriterPort}");
        over.Should().TellTheEnd($"pipeline:{pipeline.WriterPort}");
    }
}
