using FluentAssertions;
using Pipeline.Sources;
using Pipeline.Tests.Harness.Jetstream;
using Xunit;

namespace Pipeline.Tests.Integration.Sources;

public sealed class JetstreamFailoverTests : JetstreamTestBase, IAsyncLifetime
{
    private const int Count = 3_000;

    private readonly FakeEventLog _log = new();
    private FakeJetstream _first = null!;
    private FakeJetstream _second = null!;

    public async ValueTask InitializeAsync()
    {
        _first = await FakeJetstream.StartAsync(new FakeJetstreamOptions { Events = _log });
        _second = await FakeJetstream.StartAsync(new FakeJetstreamOptions { Events = _log });
        _log.Append(TestEvents.Likes(0, Count));
    }

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        Dispose();
    }

    [Theory]
    [InlineData(FaultKind.Abort, "connection lost*")]
    [InlineData(FaultKind.DropMidFrame, "connection lost*")]
    [InlineData(FaultKind.Close, "the server closed the connection*")]
    [InlineData(FaultKind.Stall, "no message for 00:00:00.5*")]
    public async Task A_session_that_breaks_is_continued_on_the_next_host_without_a_gap(FaultKind kind, string reason)
    {
        var fault = _first.Inject(new Fault(kind) { AfterMessages = 1_500 });
        var reader = Reader(new JetstreamOptions { NoEventsTimeout = TimeSpan.FromMilliseconds(500), Rewind = TimeSpan.FromMilliseconds(20) });

        await reader.ReadUntilAsync(Count, Token);

        fault.Fired.Should().Be(1);
        reader.Keys.Should().Equal(JetstreamReader.KeysOf(0, Count));
        reader.Sessions.Should().Be(2);
        reader.Duplicates.Should().BeInRange(1, 21, "the second session resumed 20 ms, which is 20 events, before the last");
        _second.Connections.Should().ContainSingle().Which.Cursor.Should().BeGreaterThan(TestEvents.EpochUs, "it resumes");
        reader.Source.Status.Host.Should().Be(_second.Address);
        reader.Source.Status.Reconnects.Should().Be(1);
        reader.Logger.Warnings.Should().ContainSingle().Which.Message.Should().Match($"Jetstream {_first.Address}: {reason} Trying {_second.Address} in *");
    }

    [Theory]
    [InlineData(503, "*refused the connection with HTTP 503. Trying*")]
    [InlineData(400, "*HTTP 400, probably for its cursor 1767225600000000; *")]
    public async Task A_host_that_refuses_is_left_for_the_next(int status, string warning)
    {
        _first.Refuse(status);
        var reader = Reader();

        await reader.ReadUntilAsync(Count, Token);

        _first.Requests.Should().ContainSingle().Which.Status.Should().Be(status);
        reader.Sessions.Should().Be(1);
        reader.Keys.Should().Equal(JetstreamReader.KeysOf(0, Count));
        reader.Logger.Warnings.Should().ContainSingle().Which.Message.Should().Match(warning);
    }

    [Fact]
    public async Task A_host_that_is_not_there_is_left_for_the_next()
    {
        var gone = await FakeJetstream.StartAsync();
        await gone.DisposeAsync();
        var reader = new JetstreamReader([gone.Address, _second.Address]) { Position = TestEvents.EpochUs };

        await reader.ReadUntilAsync(Count, Token);

        reader.Logger.Warnings.Should().ContainSingle().Which.Message.Should().Match($"Jetstream {gone.Address}: cannot connect (*). Trying *");
    }

    [Fact]
    public async Task A_handshake_that_is_never_answered_is_given_up()
    {
        using var mute = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        mute.Start();
        var logger = new RecordingLogger<JetstreamSource>();
        var options = new JetstreamOptions
        {
            Hosts = [$"ws://{mute.LocalEndpoint}", _second.Address],
            ConnectTimeout = TimeSpan.FromMilliseconds(200),
            ReconnectDelay = TimeSpan.FromMilliseconds(10),
        };

        await JetstreamReader.TakeAsync(new JetstreamSource(options, logger, TimeProvider.System), 1, TestEvents.EpochUs, Token);

        logger.Warnings.Should().ContainSingle().Which.Message.Should().Contain("no answer to the handshake within 00:00:00.2");
    }

    [Fact]
    public async Task A_session_may_last_longer_than_the_watchdog_waits_as_long_as_messages_come()
    {
        await using var steady = await FakeJetstream.StartAsync(new FakeJetstreamOptions { Events = _log, MessagesPerSecond = 25 });
        var reader = new JetstreamReader([steady.Address], new JetstreamOptions { NoEventsTimeout = TimeSpan.FromSeconds(1) })
        {
            Position = TestEvents.EpochUs,
        };

        await reader.ReadSessionAsync(50, Token);

        reader.Keys.Should().HaveCount(50, "one session of two seconds brought them all");
    }

    [Fact]
    public async Task When_every_host_refuses_for_a_while_it_keeps_trying_all_of_them_in_turn()
    {
        _first.Refuse(503, times: 3);
        _second.Refuse(503, times: 3);
        var reader = Reader();

        await reader.ReadUntilAsync(Count, Token);

        _first.Requests.Select(request => request.Status).Should().Equal(503, 503, 503, 101);
        _second.Requests.Select(request => request.Status).Should().Equal(503, 503, 503);
        reader.Source.Status.Reconnects.Should().Be(6);
        reader.Logger.Warnings.Should().HaveCount(6);
    }

    [Theory]
    [InlineData(FaultKind.Close)]
    [InlineData(FaultKind.Abort)]
    [InlineData(FaultKind.Stall)]
    public async Task A_host_that_accepts_but_delivers_nothing_counts_as_a_failure(FaultKind kind)
    {
        var fault = _first.Inject(new Fault(kind));
        var reader = Reader(new JetstreamOptions { NoEventsTimeout = TimeSpan.FromMilliseconds(500) });

        await reader.ReadUntilAsync(Count, Token);

        fault.Fired.Should().Be(1);
        reader.Sessions.Should().Be(1, "a session begins with its first message");
        reader.Source.Status.Reconnects.Should().Be(1);
    }

    [Theory]
    [InlineData(-3)]
    [InlineData(3)]
    public async Task A_host_whose_clock_differs_by_less_than_the_rewind_leaves_no_gap(int offsetSeconds)
    {
        await using var shifted = await FakeJetstream.StartAsync(
            new FakeJetstreamOptions { Events = _log, ClockOffset = TimeSpan.FromSeconds(offsetSeconds) });
        var fault = _first.Inject(new Fault(FaultKind.Abort) { AfterMessages = 1_500 });
        var reader = new JetstreamReader([_first.Address, shifted.Address]) { Position = TestEvents.EpochUs };
        _log.Append(TestEvents.Likes(Count, 10_000));

        await reader.ReadUntilAsync(Count + 10_000, Token);

        fault.Fired.Should().Be(1);
        shifted.Connections.Should().ContainSingle();
        reader.Keys.Should().Equal(JetstreamReader.KeysOf(0, Count + 10_000));
    }

    [Fact]
    public async Task Repeats_and_disorder_at_replay_are_passed_on_without_loss()
    {
        await using var messy = await FakeJetstream.StartAsync(new FakeJetstreamOptions { Events = _log, ReorderWindow = 50 });
        var repeat = messy.Inject(new Fault(FaultKind.RepeatLast) { AfterMessages = 100, Count = 40 });
        var reader = new JetstreamReader(messy) { Position = TestEvents.EpochUs };

        await reader.ReadUntilAsync(Count, Token);

        repeat.Fired.Should().Be(1);
        reader.Duplicates.Should().Be(40);
        reader.Keys.Should().BeEquivalentTo(JetstreamReader.KeysOf(0, Count)).And.NotEqual(JetstreamReader.KeysOf(0, Count));
    }

    private JetstreamReader Reader(JetstreamOptions? options = null) => new([_first.Address, _second.Address], options)
    {
        Position = TestEvents.EpochUs + (long)(options ?? new JetstreamOptions()).Rewind.TotalMicroseconds,
    };
}
