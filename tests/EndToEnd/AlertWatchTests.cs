using FluentAssertions;
using Pipeline.Tests.Harness.Monitoring;
using Xunit;

namespace Pipeline.Tests.EndToEnd;

public sealed class AlertWatchTests
{
    [Theory]
    [InlineData(10, true)]
    [InlineData(300, false)]
    public void What_a_busy_machine_sets_off_is_excused_with_windows_of_seconds_only(int windowSeconds, bool excused)
    {
        var unexpected = AlertWatch.Unexpected(["Watchdog", .. TestOverlay.SetOffByTheMachine], TimeSpan.FromSeconds(windowSeconds));

        unexpected.Should().BeEquivalentTo(excused ? [] : TestOverlay.SetOffByTheMachine);
    }
}
