using FluentAssertions;
using Pipeline.Buffering;
using Xunit;

namespace Pipeline.Tests.Integration.Monitoring;

/// <summary>Trouble on the way from the source to the lake, as it reaches Slack.</summary>
[Collection(typeof(WatchedHalvesCollection))]
public sealed class FlowAlertTests(WatchedHalves pipeline)
{
    [Fact]
    public async Task A_writer_that_stops()
    {
        var inbox = await pipeline.ListenAsync();

        pipeline.StopWriter();
        var message = await inbox.FiringAsync("PipelineDown", Inbox.Critical);
        pipeline.StartWriter();
        await inbox.ResolvedAsync("PipelineDown", Inbox.Critical);
    }

    [Fact]
    public async Task A_source_that_stops()
    {
        var inbox = await pipeline.ListenAsync();

        pipeline.Source.Close();
        var gone = await inbox.FiringAsync("SourceDisconnected", Inbox.Warnings);
        var stalled = await inbox.FiringAsync("SourceStalled", Inbox.Critical);
        pipeline.Source.Reopen();
        await inbox.ResolvedAsync("SourceStalled", Inbox.Critical);
    }

    [Fact]
    public async Task A_lake_that_cannot_be_written()
    {
        var inbox = await pipeline.ListenAsync();

        await pipeline.Disk.MakeReadOnlyAsync();
        var failing = await inbox.FiringAsync("WriterFailing", Inbox.Warnings);
        var stale = await inbox.FiringAsync("WriterStale", Inbox.Critical);
        await pipeline.Disk.MakeWritableAsync();
        await inbox.ResolvedAsync("WriterStale", Inbox.Critical);
    }

    [Fact]
    public async Task Messages_that_are_no_events()
    {
        var inbox = await pipeline.ListenAsync();

        pipeline.Source.SendRubbish(200);
        var message = await inbox.FiringAsync("SourceEventsRejected", Inbox.Warnings);
        await inbox.ResolvedAsync("SourceEventsRejected", Inbox.Warnings);
    }

    [Fact]
    public async Task Events_that_Redis_has_lost()
    {
        var inbox = await pipeline.ListenAsync();
        await using var redis = await pipeline.Stack.Redis.ConnectAsync();

        (await redis.GetDatabase().KeyDeleteAsync(new LogKeys("bluesky", 0).Stream)).Should().BeTrue();
        var message = await inbox.FiringAsync("WriterEventsLost", Inbox.Critical);
        await inbox.ResolvedAsync("WriterEventsLost", Inbox.Critical);
    }
}
