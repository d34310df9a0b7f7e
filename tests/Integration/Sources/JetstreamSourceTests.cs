using System.Net.WebSockets;
using System.Text;
using FluentAssertions;
using Pipeline.Sources;
using Pipeline.Tests.Harness.Jetstream;
using Xunit;

namespace Pipeline.Tests.Integration.Sources;

public sealed class JetstreamSourceTests : JetstreamTestBase, IAsyncLifetime
{
    private FakeJetstream _server = null!;

    public async ValueTask InitializeAsync() => _server = await FakeJetstream.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Dispose();
    }

    [Fact]
    public async Task Without_a_position_it_starts_live_and_asks_for_the_five_collections_only()
    {
        _server.Events.Append(TestEvents.Likes(0, 10));
        var reader = new JetstreamReader(_server);
        var reading = reader.ReadUntilAsync(5, Token);

        var connection = await _server.WaitForConnectionAsync(1, Token);
        _server.Events.Append(TestEvents.Likes(10, 3));
        _server.Events.Append(TestEvents.Like(13, "app.bsky.feed.threadgate", TestEvents.EpochUs + 13_000));
        _server.Events.Append(TestEvents.Likes(14, 2));
        await reading;

        connection.Query.Should().NotContain("cursor").And.NotContain("maxMessageSizeBytes");
        connection.WantedCollections.Should().BeEquivalentTo(
            "app.bsky.feed.post", "app.bsky.feed.like", "app.bsky.feed.repost", "app.bsky.graph.follow", "app.bsky.graph.block");
        reader.Keys.Should().Equal("3k10", "3k11", "3k12", "3k14", "3k15");
        reader.Source.Status.Reconnects.Should().Be(0);
    }

    [Fact]
    public async Task With_a_position_it_asks_for_it_and_yields_everything_from_there_in_order()
    {
        _server.Events.Append(TestEvents.Likes(0, 5_000));
        var reader = new JetstreamReader([_server.Address], new JetstreamOptions { Rewind = TimeSpan.FromSeconds(1) })
        {
            Position = TestEvents.EpochUs + 2_000_000,
        };

        var reading = reader.ReadUntilAsync(4_500, Token);
        await _server.WaitForConnectionAsync(1, Token);
        _server.Events.Append(TestEvents.Likes(5_000, 500));
        await reading;

        _server.Connections[0].Cursor.Should().Be(TestEvents.EpochUs + 1_000_000, "the reader rewinds by a second");
        reader.Keys.Should().Equal(JetstreamReader.KeysOf(1_000, 4_500));
    }

    [Fact]
    public async Task Messages_are_yielded_as_they_are_whatever_they_contain()
    {
        _server.Events.Append(TestEvents.Like(0));
        _server.Events.Append(FakeFrame.Raw("{\"did\":"u8.ToArray()));
        _server.Events.Append(FakeFrame.Raw(ReadOnlyMemory<byte>.Empty));
        _server.Events.Append(FakeFrame.Raw(new byte[] { 0, 255, 10 }, WebSocketMessageType.Binary));
        _server.Events.Append(TestEvents.Like(1));

        var taken = await JetstreamReader.TakeAsync(new JetstreamReader(_server).Source, 5, TestEvents.EpochUs, Token);

        taken.Select(message => message.Text).Should().Equal(
            TestEvents.Like(0), "{\"did\":", "", Encoding.Latin1.GetString([0, 255, 10]), TestEvents.Like(1));
        taken.Should().OnlyContain(message => message.Length == message.Text.Length);
    }

    [Theory]
    [InlineData(999)]
    [InlineData(1_000)]
    [InlineData(1_001)]
    [InlineData(70_000)]
    [InlineData(100L * 1024 * 1024)]
    public async Task Of_a_message_beyond_the_limit_only_the_beginning_is_kept_but_its_full_length_is_told(long length)
    {
        _server.Events.Append(TestEvents.Like(0));
        _server.Events.Append(FakeFrame.Huge("{\"did\":"u8.ToArray(), length));
        _server.Events.Append(TestEvents.Like(1));
        var source = new JetstreamReader([_server.Address], new JetstreamOptions { MaxEventBytes = 1_000 }).Source;

        var taken = await JetstreamReader.TakeAsync(source, 3, TestEvents.EpochUs, Token);

        taken[1].Length.Should().Be(length);
        taken[1].Text.Should().Be("{\"did\":".PadRight((int)Math.Min(length, 1_000)));
        taken[2].Text.Should().Be(TestEvents.Like(1));
    }

    [Theory]
    [InlineData(64 * 1024)]
    [InlineData(64 * 1024 + 1)]
    [InlineData(1024 * 1024)]
    public async Task A_large_message_within_the_limit_is_kept_whole(int length)
    {
        _server.Events.Append(FakeFrame.Event(Encoding.UTF8.GetBytes(TestEvents.Like(0))));
        _server.Events.Append(FakeFrame.Huge("start"u8.ToArray(), length));

        var taken = await JetstreamReader.TakeAsync(new JetstreamReader(_server).Source, 2, TestEvents.EpochUs, Token);

        taken[1].Should().Be(("start".PadRight(length), length));
    }

    [Fact]
    public async Task Cancelling_a_silent_session_ends_it_within_a_second_and_says_goodbye()
    {
        _server.Events.Append(TestEvents.Like(0));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var reader = new JetstreamReader(_server);
        await using (var events = reader.Source.ReadAsync(TestEvents.EpochUs, stop.Token).GetAsyncEnumerator(stop.Token))
        {
            (await events.MoveNextAsync()).Should().BeTrue();
            reader.Source.Status.Connected.Should().BeTrue();
            await CancelAsync(stop, events.MoveNextAsync().AsTask());
        }

        await _server.WaitAsync(() => _server.Connections[0].EndedAt is not null, "the end of the connection", Token);
        _server.Connections[0].ClosedByClient.Should().BeTrue();
        reader.Source.Status.Connected.Should().BeFalse();
        reader.Logger.Warnings.Should().BeEmpty("stopping is no fault");
    }

    [Fact]
    public async Task Cancelling_while_no_host_answers_ends_the_session_within_a_second()
    {
        _server.Refuse(503);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var source = new JetstreamSource(
            new JetstreamOptions { Hosts = [_server.Address], ReconnectDelay = TimeSpan.FromMinutes(1), ReconnectDelayMax = TimeSpan.FromMinutes(1) },
            new RecordingLogger<JetstreamSource>(),
            TimeProvider.System);
        var reading = JetstreamReader.TakeAsync(source, 1, null, stop.Token);
        await _server.WaitAsync(() => _server.Requests.Count >= 1, "a request", Token);

        await CancelAsync(stop, reading);
    }

    [Fact]
    public async Task Leaving_a_session_early_closes_its_connection()
    {
        _server.Events.Append(TestEvents.Likes(0, 100));
        var reader = new JetstreamReader(_server) { Position = TestEvents.EpochUs };

        await reader.ReadSessionAsync(1, Token);

        await _server.WaitAsync(() => _server.Connections[0].EndedAt is not null, "the end of the connection", Token);
        reader.Logger.Warnings.Should().BeEmpty();
    }

    private static async Task CancelAsync(CancellationTokenSource stop, Task reading)
    {
        var started = TimeProvider.System.GetTimestamp();
        await stop.CancelAsync();
        await reading.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();
        TimeProvider.System.GetElapsedTime(started).Should().BeLessThan(TimeSpan.FromSeconds(1));
    }
}
