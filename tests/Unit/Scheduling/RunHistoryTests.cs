using FluentAssertions;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Pipeline.Scheduling;
using Xunit;

namespace Pipeline.Tests.Unit.Scheduling;

public sealed class RunHistoryTests : IDisposable
{
    private static readonly DateTimeOffset _noon = new(2026, 7, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("history-");
    private readonly RunHistory _history;

    public static TheoryData<RunTrigger, RunOutcome> Kinds =>
        new(Enum.GetValues<RunTrigger>().SelectMany(t => Enum.GetValues<RunOutcome>().Select(o => (t, o))));

    public RunHistoryTests() =>
        _history = new RunHistory(ScheduleDatabase.Open(Path.Combine(_folder.FullName, "schedule.db"), new FakeTimeProvider(_noon), NullLogger.Instance));

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void A_run_that_is_going_on_becomes_one_that_is_over()
    {
        _history.Save(Runs.Started(_noon));
        _history.Unfinished().Should().ContainSingle().Which.Outcome.Should().BeNull();

        _history.Save(Runs.Finished(_noon));

        _history.Unfinished().Should().BeEmpty();
        var run = _history.Read(new RunQuery(10)).Should().ContainSingle().Subject;
        (run.Outcome, run.Rows, run.Bytes, run.Duration).Should().Be((RunOutcome.Written, 75, 12_000, TimeSpan.FromMilliseconds(993)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_trigger_and_outcome_comes_back_as_it_was(RunTrigger trigger, RunOutcome outcome)
    {
        _history.Save(Runs.Started(_noon, trigger: trigger) with { Finished = _noon, Outcome = outcome, Error = "x", Missed = 3, RetryOf = "efgh5678", Attempt = 2, CanHeal = true });

        _history.Read(new RunQuery(10)).Single().Should().BeEquivalentTo(
            Runs.Started(_noon, trigger: trigger) with { Finished = _noon, Outcome = outcome, Error = "x", Missed = 3, RetryOf = "efgh5678", Attempt = 2, CanHeal = true });
    }

    [Fact]
    public void The_newest_come_first_and_failed_ones_by_themselves()
    {
        RunOutcome[] outcomes = [RunOutcome.Written, RunOutcome.Failed, RunOutcome.Nothing, RunOutcome.TimedOut, RunOutcome.Busy, RunOutcome.Crashed, RunOutcome.Cancelled];
        foreach (var (n, outcome) in outcomes.Index()) _history.Save(Runs.Finished(_noon.AddMinutes(5 * n), $"run{n}", outcome));

        _history.Read(new RunQuery(3)).Select(r => r.Id).Should().Equal("run6", "run5", "run4");
        _history.Read(new RunQuery(10, Failed: true)).Select(r => r.Id).Should().Equal("run5", "run3", "run1");
        _history.Since(_noon.AddMinutes(25)).Select(r => r.Id).Should().Equal("run5", "run6");
    }

    [Fact]
    public void A_run_is_found_by_the_beginning_of_its_id_as_long_as_that_is_clear()
    {
        _history.Save(Runs.Finished(_noon, "abcd1234"));
        _history.Save(Runs.Finished(_noon, "abxy1234"));

        _history.Find("abc")!.Id.Should().Be("abcd1234");
        _history.Find("ab").Should().BeNull();
        _history.Find("q").Should().BeNull();
    }

    [Fact]
    public void Old_runs_are_forgotten_with_their_windows()
    {
        _history.Save(Runs.Finished(_noon.AddDays(-31), "old"));
        _history.Save(Runs.Finished(_noon.AddDays(-29), "new"));

        _history.Prune(_noon.AddDays(-30)).Should().Be(1);

        _history.Read(new RunQuery(10)).Should().ContainSingle().Which.Windows.Should().ContainSingle();
        _history.Find("old").Should().BeNull();
    }

    [Fact]
    public void The_last_scheduled_time_is_not_that_of_a_run_somebody_asked_for()
    {
        _history.LastScheduled().Should().BeNull();
        _history.Save(Runs.Finished(_noon, "a"));
        _history.Save(Runs.Started(_noon.AddMinutes(1), "b", RunTrigger.Manual));

        _history.LastScheduled()!.Id.Should().Be("a");
    }

    [Fact]
    public async Task Several_programs_write_at_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(p => Task.Run(() =>
        {
            for (var n = 0; n < 25; n++) _history.Save(Runs.Finished(_noon, $"{p}-{n}"));
        })));

        _history.Since(_noon).Should().HaveCount(200);
    }
}
