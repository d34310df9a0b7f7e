using FluentAssertions;
using Microsoft.Extensions.Time.Testing;
using Pipeline.Monitoring;
using Pipeline.Monitoring.Health;
using Pipeline.Tests.Harness;
using Xunit;

namespace Pipeline.Tests.Unit.Monitoring.Health;

public sealed class LakeHealthTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(1000)]
    [InlineData(20)]
    public async Task A_disk_with_room_is_well(long free) => (await LookAsync(new(free, 1000))).Should().BeEmpty();

    [Fact]
    public async Task One_that_is_nearly_full_says_how_full_and_what_to_do()
    {
        var problem = (await LookAsync(new(15, 1000))).Should().ContainSingle().Which;

        problem.Should().Be(new Problem("lake", "The lake's disk is full to the last 1.5 %.", "Make room, or move the lake: once it is full, events wait in Redis."));
    }

    [Fact]
    public async Task A_disk_that_does_not_say_is_no_problem() => (await LookAsync(null)).Should().BeEmpty();

    [Fact]
    public async Task A_disk_of_no_size_is_none_either() => (await LookAsync(new(0, 0))).Should().BeEmpty();

    [Fact]
    public async Task A_look_that_hangs_is_not_taken_for_the_last_one()
    {
        using var hangs = new ManualResetEventSlim();
        var looks = 0;
        using var monitor = new LakeMonitor(() =>
        {
            // The first look answers, the next hangs as a network's disk may.
            if (Interlocked.Increment(ref looks) > 1) hangs.Wait();
            return new(15, 1000);
        }, _time);
        await Eventually.TrueAsync("the first look", () => monitor.Current is not null);
        new LakeHealth(monitor).Look().Should().ContainSingle();

        var later = Task.Run(() => _time.Advance(TimeSpan.FromMinutes(1)), TestContext.Current.CancellationToken);
        try
        {
            await Eventually.TrueAsync("nothing to be known", () => monitor.Current is null);
            new LakeHealth(monitor).Look().Should().BeEmpty();
        }
        finally
        {
            hangs.Set();
            await later;
        }
    }

    private async Task<IReadOnlyList<Problem>> LookAsync(LakeSpace? space)
    {
        var looked = 0;
        using var monitor = new LakeMonitor(() => { looked++; return space; }, _time);
        await Eventually.TrueAsync("the first look", () => looked > 0 && monitor.Current == space);
        return [.. new LakeHealth(monitor).Look()];
    }
}
