using FluentAssertions;
using Pipeline.Scheduling;
using Xunit;

namespace Pipeline.Tests.Unit.Scheduling;

public sealed class DueTimesTests
{
    private static readonly DateTimeOffset _noon = new(2026, 7, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly Schedule _schedule = Schedule.Every(TimeSpan.FromMinutes(5));

    [Fact]
    public void Run_after_run_nothing_is_missed()
    {
        var due = new DueTimes(_schedule, null);

        for (var n = 0; n < 100; n++)
        {
            var time = Due(n);
            due.Take(time, time.AddMilliseconds(20)).Should().Be(new DueTime(time, 0, 0));
            due.Ended(time.AddSeconds(30));
        }
    }

    [Fact]
    public void What_passed_while_the_program_was_down_is_missed()
    {
        var due = new DueTimes(_schedule, last: Due(0));

        // Quartz fires for the first time that was missed.
        due.Take(Due(1), Due(12).AddMinutes(3)).Should().Be(new DueTime(Due(12), Missed: 11, Overlapped: 0));
        due.Take(Due(13), Due(13)).Should().Be(new DueTime(Due(13), 0, 0));
    }

    [Fact]
    public void What_passed_while_a_run_was_at_it_overlapped()
    {
        var due = new DueTimes(_schedule, null);
        due.Take(Due(0), Due(0));
        due.Ended(Due(3).AddSeconds(1));

        due.Take(Due(1), Due(3).AddSeconds(1)).Should().Be(new DueTime(Due(3), Missed: 0, Overlapped: 2));
    }

    [Fact]
    public void A_slow_run_and_then_a_sleeping_machine_are_told_apart()
    {
        var due = new DueTimes(_schedule, null);
        due.Take(Due(0), Due(0));
        due.Ended(Due(2).AddSeconds(1));

        due.Take(Due(1), Due(9)).Should().Be(new DueTime(Due(9), Missed: 6, Overlapped: 2));
    }

    [Fact]
    public void Times_in_a_pause_do_not_count()
    {
        var due = new DueTimes(_schedule, last: Due(0));
        due.CountFrom(Due(10).AddMinutes(1), Due(10).AddMinutes(1));

        due.Take(Due(1), Due(10).AddMinutes(1)).Should().Be(new DueTime(Due(10), 0, 0));
        due.Take(Due(11), Due(11)).Should().Be(new DueTime(Due(11), 0, 0));
        due.Take(Due(12), Due(13)).Missed.Should().Be(1);
    }

    [Fact]
    public void A_pause_that_ends_later_than_the_clock_shows_now_does_not_count()
    {
        var due = new DueTimes(_schedule, last: Due(0));
        due.CountFrom(Due(100), Due(3));

        due.Take(Due(1), Due(3)).Should().Be(new DueTime(Due(3), Missed: 2, Overlapped: 0));
    }

    [Fact]
    public void A_clock_that_goes_back_misses_nothing()
    {
        var due = new DueTimes(_schedule, last: Due(10));

        due.Take(null, Due(5)).Should().Be(new DueTime(Due(5), 0, 0));
        due.Take(Due(11), Due(11)).Missed.Should().Be(0);
    }

    [Fact]
    public void A_run_that_Quartz_fires_late_and_dates_to_now_is_for_the_newest_time()
    {
        var due = new DueTimes(_schedule, last: Due(0));
        due.Take(null, Due(3).AddSeconds(30)).Should().Be(new DueTime(Due(3), Missed: 2, Overlapped: 0));

        due.Take(Due(3).AddSeconds(31), Due(3).AddSeconds(32)).Should().Be(new DueTime(Due(3), 0, 0));
    }

    [Fact]
    public void After_a_clock_was_set_back_times_are_missed_from_there_on()
    {
        var due = new DueTimes(_schedule, last: Due(1000));
        due.Ended(Due(1000).AddSeconds(1));
        due.GoBackTo(Due(5).AddSeconds(1));

        due.Take(Due(6), Due(6)).Should().Be(new DueTime(Due(6), 0, 0));
        due.Take(Due(7), Due(9)).Should().Be(new DueTime(Due(9), Missed: 2, Overlapped: 0));
    }

    private static DateTimeOffset Due(int n) => _noon.AddMinutes(5 * n).AddSeconds(10);
}
