using FluentAssertions;
using Pipeline.Scheduling;
using Xunit;

namespace Pipeline.Tests.Unit.Scheduling;

public sealed class RetryDelayTests
{
    [Theory]
    [InlineData(300, "2 4 8 16 32 60 60")]
    [InlineData(10, "1 2 3.333 3.333")]
    [InlineData(1, "0.1 0.2 0.333 0.333")]
    public void Pauses_double_and_fit_the_interval(int interval, string seconds) =>
        string.Join(' ', Enumerable.Range(1, seconds.Split(' ').Length).Select(n => Math.Round(RetryDelay.After(n, TimeSpan.FromSeconds(interval)).TotalSeconds, 3).ToString(System.Globalization.CultureInfo.InvariantCulture)))
            .Should().Be(seconds);

    [Fact]
    public void However_often_it_failed_there_is_a_pause_of_a_minute_at_most() =>
        RetryDelay.After(int.MaxValue, TimeSpan.FromDays(1)).Should().Be(TimeSpan.FromMinutes(1));
}
