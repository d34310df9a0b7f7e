using FluentAssertions;
using Pipeline.Sources;
using Pipeline.Tests.Harness.Jetstream;
using Xunit;

namespace Pipeline.Tests.Integration.Sources;

public sealed class JetstreamSlowConsumerTests : JetstreamTestBase
{
    private const int Count = 20_000;

    [Theory]
    [InlineData(100, 16 * 1024 * 1024, 100)]
    [InlineData(8_192, 64 * 1024, 128)]
    public async Task When_nothing_is_taken_it_hangs_up_with_a_full_buffer_and_the_next_session_loses_nothing(
        int bufferMessages, long bufferBytes, int atMost)
    {
        await using var server = await FakeJetstream.StartAsync();
        server.Events.Append(TestEvents.Likes(0, Count));
        var reader = new JetstreamReader([server.Address], new JetstreamOptions
        {
            BufferMessages = bufferMessages,
            BufferBytes = bufferBytes,
            SlowConsumerTimeout = TimeSpan.FromMilliseconds(300),
            Rewind = TimeSpan.FromMilliseconds(5),
        });

        await foreach (var message in reader.Source.ReadAsync(TestEvents.EpochUs, Token))
        {
            reader.Take(message);
            if (reader.Keys.Count == 1)
                await server.WaitAsync(() => server.Connections[0].EndedAt is not null, "the client to hang up", Token);
        }

        reader.Keys.Count.Should().BeInRange(2, atMost + 1, "what was buffered is still delivered, and no more was");
        reader.Source.Status.SlowConsumerDisconnects.Should().Be(1);
        reader.Logger.Warnings.Should().ContainSingle().Which.Message.Should().StartWith($"Left {server.Address}: its events were not taken");

        await reader.ReadUntilAsync(Count, Token);
        reader.Keys.Should().Equal(JetstreamReader.KeysOf(0, Count));
        reader.Source.Status.Reconnects.Should().Be(0, "the host is not to blame");
    }

    [Fact]
    public async Task A_consumer_that_pauses_less_than_the_limit_keeps_its_session()
    {
        await using var server = await FakeJetstream.StartAsync();
        server.Events.Append(TestEvents.Likes(0, Count));
        var reader = new JetstreamReader([server.Address], new JetstreamOptions { BufferMessages = 10, SlowConsumerTimeout = TimeSpan.FromSeconds(20) });

        await foreach (var message in reader.Source.ReadAsync(TestEvents.EpochUs, Token))
        {
            reader.Take(message);
            if (reader.Keys.Count % 5_000 == 0)
                await server.WaitAsync(() => server.Connections[0].FramesSent >= Math.Min(Count, reader.Keys.Count + 11), "a full buffer", Token);
            if (reader.Keys.Count == Count)
                break;
        }

        reader.Keys.Should().Equal(JetstreamReader.KeysOf(0, Count));
        server.Connections.Should().ContainSingle();
    }

    [Fact]
    public async Task Pings_are_answered_while_the_consumer_is_busy()
    {
        await using var server = await FakeJetstream.StartAsync(new FakeJetstreamOptions
        {
            PingInterval = TimeSpan.FromMilliseconds(50),
            PongTimeout = TimeSpan.FromMilliseconds(500),
            MessagesPerSecond = 25,
        });
        server.Events.Append(TestEvents.Likes(0, 30));
        var reader = new JetstreamReader(server);

        await foreach (var message in reader.Source.ReadAsync(TestEvents.EpochUs, Token))
        {
            reader.Take(message);
            if (reader.Keys.Count == 1)
                await server.WaitAsync(() => server.Connections[0] is { FramesSent: 30 } or { EndedAt: not null }, "all events sent", Token);
            if (reader.Keys.Count == 30)
                break;
        }

        server.Connections.Should().ContainSingle().Which.FramesSent.Should().Be(30);
    }
}
