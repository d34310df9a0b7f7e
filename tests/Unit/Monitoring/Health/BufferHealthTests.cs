using FluentAssertions;
using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Buffering;
using Pipeline.Monitoring;
using Pipeline.Monitoring.Health;
using Pipeline.Tests.Harness;
using Xunit;

namespace Pipeline.Tests.Unit.Monitoring.Health;

public sealed class BufferHealthTests
{
    private static readonly BufferReading _usual = Readings.Usual(TimeProvider.System.GetUtcNow());

    private readonly IngestStats _stats = new();

    [Fact]
    public async Task A_Redis_that_answers_and_has_room_is_well() => (await LookAsync(_usual)).Should().BeEmpty();

    [Fact]
    public async Task One_that_does_not_answer_is_the_problem() =>
        (await LookAsync(null)).Should().ContainSingle().Which.Text.Should().Be("Redis does not answer.");

    [Fact]
    public async Task A_pause_says_how_full_it_is()
    {
        _stats.SetHolding(true);

        (await LookAsync(_usual)).Should().ContainSingle().Which.Text.Should().Be("Reading pauses: Redis' memory is at 50 % of its limit.");
    }

    [Fact]
    public async Task Missing_ballast_is_a_warning_that_the_log_is_next() =>
        (await LookAsync(_usual with { BallastKeys = 5 })).Should().ContainSingle().Which.Text.Should().StartWith("Redis has evicted 3 of 8 ballast keys");

    private async Task<IReadOnlyList<Problem>> LookAsync(BufferReading? reading)
    {
        await using var monitor = BufferMonitor.Start(
            _ => reading is null ? Task.FromException<BufferReading>(new TimeoutException()) : Task.FromResult(reading), TimeSpan.FromMinutes(5), TimeProvider.System, NullLogger.Instance);
        await Eventually.TrueAsync("the first look", () => monitor.HasLooked);
        return [.. new BufferHealth(monitor, _stats).Look()];
    }
}
