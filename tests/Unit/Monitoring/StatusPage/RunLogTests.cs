using FluentAssertions;
using Pipeline.Monitoring.StatusPage;
using Xunit;

namespace Pipeline.Tests.Unit.Monitoring.StatusPage;

public sealed class RunLogTests
{
    private readonly RunLog _log = new();

    [Fact]
    public void The_newest_come_first_and_no_more_than_a_page_shows_are_kept()
    {
        for (var minute = 0; minute < 100; minute++)
        {
            _log.Add(Written(minute));
            _log.Add([File(minute, "like"), File(minute, "post")]);
        }

        _log.Runs.Should().HaveCount(RunLog.MaxRuns).And.BeInDescendingOrder(r => r.Ended);
        _log.Runs[0].Should().Be(Written(99));
        _log.Files.Should().HaveCount(RunLog.MaxFiles).And.BeInDescendingOrder(f => f.Written);
        _log.Files[0].Should().Be(File(99, "like"));
    }

    [Fact]
    public void An_outage_is_one_line_and_leaves_the_windows_where_they_are()
    {
        _log.Add(Written(0));
        for (var minute = 1; minute < 50; minute++) _log.Add(Failed(minute));

        _log.Runs.Should().Equal(Failed(49) with { Times = 49 }, Written(0));
    }

    [Fact]
    public void Another_outage_is_another_line()
    {
        _log.Add(Failed(1));
        _log.Add(Failed(2));
        _log.Add(Written(3));
        _log.Add(Failed(4));
        _log.Add(Failed(5) with { Outcome = "busy" });

        _log.Runs.Should().Equal(Failed(5) with { Outcome = "busy" }, Failed(4), Written(3), Failed(2) with { Times = 2 });
    }

    private static RunLine Written(int minute) => new(At(minute), "written", At(minute - 1), At(minute), 10, 2, 1000, 1.5, null, 1);

    private static RunLine Failed(int minute) => new(At(minute), "failed", null, null, 0, 0, 0, 0.1, $"because of {minute}", 1);

    private static FileLine File(int minute, string table) => new($"type={table}/{minute}.parquet", 5, 500, At(minute));

    private static DateTimeOffset At(int minute) => Readings.Start.AddMinutes(minute);
}
