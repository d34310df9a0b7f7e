using FluentAssertions;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Scheduling;
using Xunit;

namespace Pipeline.Tests.Unit.Scheduling;

public sealed class RunKeeperTests : IDisposable
{
    private static readonly DateTimeOffset _noon = new(2026, 7, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan _interval = TimeSpan.FromMinutes(5);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("keeper-");
    private readonly InstantTime _time = new(_noon);
    private readonly ScheduleStats _stats = new();
    private readonly ScheduleStore _store;

    public RunKeeperTests() => _store = new ScheduleStore(
        new ScheduleOptions(Schedule.Every(_interval), _interval, Path.Combine(_folder.FullName, "schedule.db")), _stats, _time, NullLogger.Instance);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _store.Dispose();
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task What_can_heal_is_tried_again_after_longer_and_longer_pauses()
    {
        var run = new ScriptedRun(_time, Failed(canHeal: true), Failed(canHeal: true), Failed(canHeal: true), Report(RunOutcome.Written));

        (await RunAsync(run, (_, _, _) => true)).Outcome.Should().Be(RunOutcome.Written);

        run.Requests.Select(r => r.Attempt).Should().Equal(1, 2, 3, 4);
        run.Requests.Select(r => r.Scheduled).Distinct().Should().ContainSingle();
        run.Times.Zip(run.Times.Skip(1), (a, b) => b - a).Should().Equal(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(8));
        _store.History.Since(_noon).Select(r => (r.Id, r.Attempt, r.Outcome)).Should().Equal(
            run.Requests.Select(r => (r.RunId, r.Attempt, (RunOutcome?)(r.Attempt == 4 ? RunOutcome.Written : RunOutcome.Failed))));
        (_stats.Retries, _stats.RunsOf(RunOutcome.Failed), _stats.RunsOf(RunOutcome.Written), _stats.Running).Should().Be((3, 3, 1, null));
        _stats.LastSuccess.Should().Be(_time.GetUtcNow());
    }

    [Fact]
    public async Task What_cannot_heal_is_not_tried_again()
    {
        var run = new ScriptedRun(_time, Failed(canHeal: false));

        (await RunAsync(run, (_, _, _) => true)).Outcome.Should().Be(RunOutcome.Failed);

        run.Requests.Should().ContainSingle();
        _store.History.Since(_noon).Should().ContainSingle().Which.Error.Should().Be("away");
    }

    [Fact]
    public async Task When_there_is_no_time_for_another_attempt_the_next_run_has_to_do()
    {
        var run = new ScriptedRun(_time, Failed(canHeal: true), Failed(canHeal: true));
        var begins = new List<DateTimeOffset>();

        await RunAsync(run, (begin, _, attempt) =>
        {
            begins.Add(begin);
            return attempt < 2;
        });

        run.Requests.Should().HaveCount(2);
        begins.Should().Equal([_noon.AddSeconds(2), _noon.AddSeconds(2), _noon.AddSeconds(2 + 4)], "it is asked before the wait and behind it");
    }

    [Fact]
    public async Task What_may_not_be_tried_again_any_more_when_its_time_has_come_is_not()
    {
        var run = new ScriptedRun(_time, Failed(canHeal: true), Report(RunOutcome.Written));

        (await RunAsync(run, (_, _, _) => _time.GetUtcNow() == _noon)).Outcome.Should().Be(RunOutcome.Failed);

        run.Requests.Should().ContainSingle();
    }

    [Theory]
    [InlineData(RunOutcome.Busy)]
    [InlineData(RunOutcome.Cancelled)]
    [InlineData(RunOutcome.Nothing)]
    public async Task Nothing_else_is_tried_again(RunOutcome outcome)
    {
        var run = new ScriptedRun(_time, Report(outcome) with { CanHeal = true });

        await RunAsync(run, (_, _, _) => true);

        run.Requests.Should().ContainSingle();
    }

    [Fact]
    public async Task A_broken_program_ends_with_a_run_that_says_why()
    {
        var run = new ScriptedRun(_time) { Throws = new InvalidOperationException("a bug") };

        await FluentActions.Awaiting(() => RunAsync(run, (_, _, _) => true)).Should().ThrowAsync<InvalidOperationException>();

        _store.History.Since(_noon).Should().ContainSingle().Which.Should().BeEquivalentTo(new { Outcome = RunOutcome.Failed, Error = "a bug", CanHeal = false });
    }

    [Fact]
    public void A_run_whose_program_is_gone_is_entered_as_crashed()
    {
        _store.Save(Runs.Started(_noon, "dead") with { Program = "dead" });
        _store.Save(Runs.Started(_noon, "alive") with { Program = "alive" });

        _store.EndCrashed(p => p == "dead").Should().BeTrue();
        _store.EndCrashed(p => p == "dead").Should().BeFalse();

        _store.History.Find("dead")!.Outcome.Should().Be(RunOutcome.Crashed);
        _store.History.Unfinished().Select(r => r.Id).Should().Equal("alive");
    }

    private static RunReport Report(RunOutcome outcome) => new(outcome, [], TimeSpan.Zero, null, false);

    private static RunReport Failed(bool canHeal) => Report(RunOutcome.Failed) with { Error = "away", CanHeal = canHeal };

    private async Task<RunReport> RunAsync(ScriptedRun run, Func<DateTimeOffset, RunReport, int, bool> mayRetry)
    {
        var keeper = new RunKeeper(run, _store, _stats, "p", _time, NullLogger.Instance);
        return await keeper.RunAsync(RunPlan.For(RunTrigger.Schedule, _noon, drain: false, _interval) with { MayRetry = mayRetry }, Token);
    }
}
