using System.Runtime.CompilerServices;
using System.Text;
using FluentAssertions;
using Pipeline.Buffering;
using Pipeline.Sources;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Jetstream;
using Pipeline.Tests.Harness.Pipelines;
using Xunit;

namespace Pipeline.Tests.Integration.EndToEnd;

/// <summary>A source that no longer has what it is asked for.</summary>
public sealed class GapTests(RedisFixture redis)
{
    private const long Hour = 3_600_000_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Source_time_that_cannot_be_had_any_more_is_measured_and_counted()
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        await IngestAsync(rig, TestEvents.EpochUs);

        var stats = await IngestAsync(rig, TestEvents.EpochUs + Hour);

        stats.Gap.Should().Be(TimeSpan.FromMicroseconds(Hour + OneEvent.RewindUs));
        (await rig.Logs[0].ReadStateAsync()).Counters[LogCounters.GapSeconds].Should().Be((Hour + OneEvent.RewindUs) / 1_000_000);
    }

    [Theory]
    [InlineData(1_000_000)]
    [InlineData(50_000_000)]
    public async Task A_source_that_was_quiet_for_a_moment_has_no_gap(long later)
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        await IngestAsync(rig, TestEvents.EpochUs);

        (await IngestAsync(rig, TestEvents.EpochUs + later)).Gap.Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public async Task The_first_start_has_no_gap()
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);

        (await IngestAsync(rig, TestEvents.EpochUs)).Gap.Should().Be(TimeSpan.Zero);
    }

    private static async Task<IngestStats> IngestAsync(PipelineRig rig, long timeUs)
    {
        var stats = new IngestStats();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var ingesting = rig.IngestAsync(new OneEvent(timeUs), stop.Token, stats);
        await Eventually.TrueAsync("the event is in the log", () => stats.Acknowledged == 1);
        await stop.CancelAsync();
        await ingesting;
        return stats;
    }

    /// <summary>A live source that sends one event, whatever it is asked for.</summary>
    private sealed class OneEvent(long timeUs) : IEventSource
    {
        public const long RewindUs = 10_000_000;

        public string Name => "one";

        public bool IsLive => true;

        public long Rewind => RewindUs;

        public async IAsyncEnumerable<SourceMessage> ReadAsync(long? position, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var json = Encoding.UTF8.GetBytes(TestEvents.Like((int)(timeUs / 1_000_000 % 100_000), "app.bsky.feed.like", timeUs));
            yield return new SourceMessage(json, json.Length, null);
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }
}
