using FluentAssertions;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Pipeline.Scheduling;
using Pipeline.Scheduling.Prefect;
using Xunit;

namespace Pipeline.Tests.Unit.Scheduling;

/// <summary>The runs of a Prefect worker are in the same history as all others.</summary>
public sealed class RecordedRunsTests : IDisposable
{
    private const string FlowRun = "0198c2a1-0000-7000-8000-000000000001";

    private static readonly DateTimeOffset _noon = new(2026, 7, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan _window = TimeSpan.FromMinutes(5);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("recorded-");
    private readonly FakeTimeProvider _time = new(_noon);
    private readonly ScheduleStats _stats = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Place => Path.Combine(_folder.FullName, "_pipeline");

    private string File => Path.Combine(Place, "schedule.db");

    private RunHistory History => new(ScheduleDatabase.OpenExisting(File)!);

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Each_attempt_at_a_flow_run_is_an_entry_that_names_it()
    {
        Directory.CreateDirectory(Place);
        var progress = new NoProgress();
        var run = new ScriptedRun(_time, Report(RunOutcome.Failed) with { Error = "Redis is away.", CanHeal = true }, Report(RunOutcome.Written));
        using var recorded = Recorded(run);
        var request = Request(1) with { Limit = TimeSpan.FromMinutes(4), Progress = progress };

        (await recorded.RunAsync(request, Token)).Outcome.Should().Be(RunOutcome.Failed, "the server does the retrying");
        await recorded.RunAsync(request with { Attempt = 2 }, Token);

        History.Since(DateTimeOffset.MinValue).Select(r => (r.Trigger, r.Scheduled, r.Attempt, r.Outcome, r.Error, r.FlowRun)).Should().Equal(
            (RunTrigger.Prefect, _noon, 1, RunOutcome.Failed, "Redis is away.", FlowRun),
            (RunTrigger.Prefect, _noon, 2, RunOutcome.Written, null, FlowRun));
        run.Requests.Should().OnlyContain(r => r.Limit == request.Limit && r.Progress == progress && !r.Drain);
        (_stats.RunsOf(RunOutcome.Failed), _stats.RunsOf(RunOutcome.Written)).Should().Be((1, 1));
    }

    [Fact]
    public async Task A_new_lake_gets_its_history_when_its_first_run_has_made_its_folder()
    {
        using var recorded = Recorded(new FolderMaker(Place));

        await recorded.RunAsync(Request(1), Token);

        History.Read(new RunQuery(10)).Should().ContainSingle().Which.Outcome.Should().Be(RunOutcome.Written);
    }

    [Fact]
    public async Task A_history_that_cannot_be_written_is_no_reason_not_to_run()
    {
        System.IO.File.WriteAllText(Place, "a file where a folder should be");
        var run = new ScriptedRun(_time, Report(RunOutcome.Written), Report(RunOutcome.Nothing), Report(RunOutcome.Nothing));
        using var recorded = Recorded(run);
        await recorded.RunAsync(Request(1), Token);
        System.IO.File.Delete(Place);
        Directory.CreateDirectory(Place);

        await recorded.RunAsync(Request(1), Token);
        Directory.Delete(Place, recursive: true);
        Directory.CreateDirectory(Place);
        await recorded.RunAsync(Request(1), Token);

        run.Requests.Should().HaveCount(3);
        History.Read(new RunQuery(10)).Should().ContainSingle("the folder was removed with what was in it").Which.Outcome.Should().Be(RunOutcome.Nothing);
    }

    [Fact]
    public async Task What_a_killed_worker_left_is_entered_as_crashed_and_what_is_old_is_forgotten()
    {
        Directory.CreateDirectory(Place);
        var history = new RunHistory(ScheduleDatabase.Open(File, _time, NullLogger.Instance));
        history.Save(Runs.Started(_noon.AddMinutes(-5), "left") with { Program = $"{Environment.MachineName}|99999999|x|y" });
        history.Save(Runs.Finished(_noon.AddDays(-31), "old"));
        using var recorded = Recorded(new ScriptedRun(_time, Report(RunOutcome.Nothing)));

        await recorded.RunAsync(Request(1), Token);

        history.Since(DateTimeOffset.MinValue).Select(r => r.Outcome).Should().Equal(RunOutcome.Crashed, RunOutcome.Nothing);
    }

    [Fact]
    public async Task A_run_that_breaks_the_program_says_why()
    {
        Directory.CreateDirectory(Place);
        using var recorded = Recorded(new ScriptedRun(_time) { Throws = new InvalidOperationException("A bug.") });

        await FluentActions.Awaiting(() => recorded.RunAsync(Request(1), Token)).Should().ThrowAsync<InvalidOperationException>();

        History.Read(new RunQuery(10)).Should().ContainSingle().Which.Should().BeEquivalentTo(new { Outcome = RunOutcome.Failed, Error = "A bug.", CanHeal = false });
    }

    private static RunRequest Request(int attempt) => new(FlowRun, RunTrigger.Prefect, _noon, attempt, Drain: false);

    private static RunReport Report(RunOutcome outcome) => new(outcome, [], TimeSpan.Zero, null, false);

    private RecordedRuns Recorded(IWindowRun run) => new(
        run, new ScheduleOptions(Schedule.Every(_window), _window, File) { IsInLake = true }, _stats, _time, NullLogger<RecordedRuns>.Instance);

    /// <summary>Claims the lake, as the first run does.</summary>
    private sealed class FolderMaker(string folder) : IWindowRun
    {
        public Task<RunReport> RunAsync(RunRequest request, CancellationToken cancellationToken)
        {
            Directory.CreateDirectory(folder);
            return Task.FromResult(Report(RunOutcome.Written));
        }
    }

    private sealed class NoProgress : IRunProgress
    {
        public void WindowStarted(DateTimeOffset start, DateTimeOffset end)
        {
        }

        public void WindowWritten(WindowReport window)
        {
        }
    }
}
