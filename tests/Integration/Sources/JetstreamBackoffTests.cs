using FluentAssertions;
using Pipeline.Sources;
using Pipeline.Tests.Harness.Jetstream;
using Xunit;

namespace Pipeline.Tests.Integration.Sources;

public sealed class JetstreamBackoffTests : JetstreamTestBase
{
    private const double FirstDelayAtMost = 0.010 * 1.4;

    [Fact]
    public async Task Every_session_that_delivered_starts_the_backoff_anew()
    {
        await using var server = await FakeJetstream.StartAsync();
        server.Events.Append(TestEvents.Likes(0, 1_000));
        var fault = server.Inject(new Fault(FaultKind.Close) { AfterMessages = 60, Times = 20 });
        var (source, logger) = Source(server);

        for (var session = 0; session < 20; session++)
            await JetstreamReader.TakeAsync(source, int.MaxValue, TestEvents.EpochUs, Token);
        await JetstreamReader.TakeAsync(source, 100, TestEvents.EpochUs, Token);

        fault.Fired.Should().Be(20);
        Delays(logger).Should().HaveCount(20).And.OnlyContain(delay => delay <= FirstDelayAtMost);
    }

    [Fact]
    public async Task Sessions_without_an_event_do_not()
    {
        await using var server = await FakeJetstream.StartAsync();
        server.Events.Append(TestEvents.Like(0));
        var fault = server.Inject(new Fault(FaultKind.Close) { AfterMessages = 0, Times = 8 });
        var (source, logger) = Source(server);

        await JetstreamReader.TakeAsync(source, 1, TestEvents.EpochUs, Token);

        fault.Fired.Should().Be(8);
        Delays(logger).Should().HaveCount(8);
        Delays(logger).Max().Should().BeGreaterThan(FirstDelayAtMost * 4, "eight failures in a row double the wait seven times");
    }

    private static (JetstreamSource Source, RecordingLogger<JetstreamSource> Logger) Source(FakeJetstream server)
    {
        var logger = new RecordingLogger<JetstreamSource>();
        var options = new JetstreamOptions { Hosts = [server.Address], ReconnectDelay = TimeSpan.FromMilliseconds(10) };
        return (new JetstreamSource(options, logger, TimeProvider.System), logger);
    }

    private static List<double> Delays(RecordingLogger<JetstreamSource> logger) =>
        [.. logger.Warnings.Select(warning => (double)warning.Values["Delay"]!)];
}
