using FluentAssertions;
using Pipeline.Buffering;
using Xunit;

namespace Pipeline.Tests.Integration.Monitoring;

/// <summary>Trouble on the way from the source to the lake, as it reaches Slack.</summary>
[Collection(typeof(WatchedHalvesCollection))]
public sealed class FlowAlertTests(WatchedHalves pipeline)
{
    [Fact]
    public async Task A_writer_that_stops_is_reported_as_a_program_that_is_down()
    {
        var inbox = await pipeline.ListenAsync();

        pipeline.StopWriter();
        var down = await inbox.FiringAsync("PipelineDown", Inbox.Critical);
        await pipeline.FiresAsync("WriterMissing");
        pipeline.StartWriter();
        var over = await inbox.ResolvedAsync("PipelineDown", Inbox.Critical);

        down.Should().Tell("up is 0", $"pipeline:{pipeline.WriterPort}");
        over.Should().TellTheEnd($"pipeline:{pipeline.WriterPort}");
        inbox.Alerts.Should().NotContain("WriterMissing", "that follows from a writer that is down");
    }

    [Fact]
    public async Task A_writer_that_nobody_has_started_is_reported()
    {
        var inbox = await pipeline.ListenAsync();

        pipeline.StopWriter();
        var another = pipeline.StartIngestInPlaceOfTheWriter();
        Note missing;
        try
        {
            missing = await inbox.FiringAsync("WriterMissing", Inbox.Critical);
        }
        finally
        {
            // The next test wants a writer, whatever became of this one.
            another.Kill();
            pipeline.StartWriter();
        }

        var over = await inbox.ResolvedAsync("WriterMissing", Inbox.Critical);

        missing.Should().Tell("knows no writer of it", "pipeline");
        over.Should().TellTheEnd("pipeline");
    }

    [Fact]
    public async Task A_source_that_hangs_up_is_a_warning_and_critical_when_it_stays_away()
    {
        var inbox = await pipeline.ListenAsync();

        pipeline.Source.Close();
        var gone = await inbox.FiringAsync("SourceDisconnected", Inbox.Warnings);
        var stalled = await inbox.FiringAsync("SourceStalled", Inbox.Critical);
        pipeline.Source.Reopen();
        var over = await inbox.ResolvedAsync("SourceStalled", Inbox.Critical);

        gone.Should().Tell("pipeline_source_connected is 0", $"pipeline:{pipeline.IngestPort}");
        stalled.Should().Tell(@"received nothing for [\d.]+s", $"pipeline:{pipeline.IngestPort}");
        over.Should().TellTheEnd($"pipeline:{pipeline.IngestPort}");
    }

    [Fact]
    public async Task A_lake_that_cannot_be_written_is_a_warning_and_critical_when_nothing_is_written_for_two_windows()
    {
        var inbox = await pipeline.ListenAsync();

        await pipeline.Disk.MakeReadOnlyAsync();
        var failing = await inbox.FiringAsync("WriterFailing", Inbox.Warnings);
        var stale = await inbox.FiringAsync("WriterStale", Inbox.Critical);
        await pipeline.FiresAsync("BufferFallsBehind");
        await pipeline.Disk.MakeWritableAsync();
        var over = await inbox.ResolvedAsync("WriterStale", Inbox.Critical);
        await inbox.ResolvedAsync("WriterFailing", Inbox.Warnings);

        failing.Should().Tell(@"About [\d.]+ runs .* have failed", $"pipeline:{pipeline.WriterPort}");
        stale.Should().Tell(@"was [\d.]+s ago", "pipeline");
        over.Should().TellTheEnd("pipeline");
        inbox.Alerts.Should().NotContain("BufferFallsBehind", "that follows from a writer that writes nothing");
    }

    [Fact]
    public async Task Messages_that_are_no_events_are_reported_with_the_reason()
    {
        var inbox = await pipeline.ListenAsync();

        pipeline.Source.SendRubbish(200);
        var rejected = await inbox.FiringAsync("SourceEventsRejected", Inbox.Warnings);
        var over = await inbox.ResolvedAsync("SourceEventsRejected", Inbox.Warnings);

        rejected.Should().Tell(@"\d% of what .* is rejected, most of it as malformed", $"pipeline:{pipeline.IngestPort}");
        over.Should().TellTheEnd($"pipeline:{pipeline.IngestPort}");
    }

    [Fact]
    public async Task Events_that_Redis_loses_are_reported_although_they_are_fetched_again()
    {
        var inbox = await pipeline.ListenAsync();
        await using var redis = await pipeline.Stack.Redis.ConnectAsync();

        (await redis.GetDatabase().KeyDeleteAsync(new LogKeys("bluesky", 0).Stream)).Should().BeTrue();
        var lost = await inbox.FiringAsync("WriterEventsLost", Inbox.Critical);
        var over = await inbox.ResolvedAsync("WriterEventsLost", Inbox.Critical);

        lost.Should().Tell(@"About [\d.]+k? events", "pipeline");
        over.Should().TellTheEnd("pipeline");
    }
}
