using FluentAssertions;
using Microsoft.Extensions.Time.Testing;
using Pipeline.Archiving;
using Pipeline.Buffering;
using Pipeline.Scheduling;
using Pipeline.Sources;
using Pipeline.Sources.Mock;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;
using Xunit;

namespace Pipeline.Tests.Integration.Scheduling;

/// <summary>What a schedule is told about a run.</summary>
public sealed class WindowRunTests(RedisFixture redis) : IAsyncLifetime
{
    private PipelineRig _rig = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _rig = await PipelineRig.OpenAsync(redis.ConnectionString);

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Each_window_is_reported_with_the_rows_bytes_and_files_that_are_in_the_lake()
    {
        await IngestAsync();

        var report = await RunAsync(drain: true);

        var files = Directory.GetFiles(_rig.Lake.Path, "*.parquet", SearchOption.AllDirectories);
        report.Outcome.Should().Be(RunOutcome.Written);
        report.Windows.Should().HaveCountGreaterThan(1);
        report.Windows.Should().OnlyContain(w => w.End - w.Start == _rig.Lake.Window && w.Duration > TimeSpan.Zero);
        report.Windows.Select(w => w.Start).Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
        report.Windows.Sum(w => w.Files).Should().Be(files.Length);
        report.Windows.Sum(w => w.Bytes.Values.Sum()).Should().Be(files.Sum(f => new FileInfo(f).Length));
        report.Windows.Sum(w => w.Rows["post"]).Should().Be(_rig.Read().Count("post"));
    }

    [Fact]
    public async Task A_second_run_finds_nothing_to_do()
    {
        await IngestAsync();
        await RunAsync(drain: true);

        var report = await RunAsync(drain: true);

        (report.Outcome, report.Windows.Count, report.Succeeded).Should().Be((RunOutcome.Nothing, 0, true));
    }

    [Fact]
    public async Task A_run_beside_another_program_or_beside_itself_is_busy()
    {
        await IngestAsync();
        await using (await WriterLease.TryTakeAsync(_rig.Database, _rig.Logs[0].Keys, WriterLease.NewToken(), TimeSpan.FromMinutes(1), TimeProvider.System))
        {
            (await RunAsync()).Outcome.Should().Be(RunOutcome.Busy);
        }

        var run = _rig.Run();
        var held = new Held();
        var first = run.RunAsync(Request() with { Progress = held }, Token);
        await held.Entered.WaitAsync(Deadlines.Condition, Token);
        var second = await run.RunAsync(Request(), Token);
        held.Go();

        (second.Outcome, second.CanHeal, (await first).Outcome).Should().Be((RunOutcome.Busy, true, RunOutcome.Written));
    }

    [Fact]
    public async Task A_lake_of_another_log_fails_for_good_and_one_that_cannot_be_written_until_it_can()
    {
        await IngestAsync();
        await using var other = await PipelineRig.OpenAsync(redis.ConnectionString, r => r.With(lake: _rig.Lake));
        await other.IngestAsync(new MockSource(new MockFirehoseOptions { Events = 10 }), Token);
        await RunAsync();

        var foreign = await other.Run().RunAsync(Request(), Token);
        (foreign.Outcome, foreign.CanHeal).Should().Be((RunOutcome.Failed, false));
        foreign.Error.Should().Contain("belongs to log").And.NotContain("\n");

        var file = Path.Combine(_rig.Lake.Path, "in-the-way");
        await File.WriteAllTextAsync(file, "", Token);
        var unwritable = await other.With(lake: _rig.Lake with { Path = Path.Combine(file, "lake") }).Run().RunAsync(Request(), Token);
        (unwritable.Outcome, unwritable.CanHeal).Should().Be((RunOutcome.Failed, true));
        unwritable.Error.Should().Contain("Cannot write to lake");
    }

    [Fact]
    public async Task A_run_that_is_told_to_stop_or_has_no_time_left_says_so_and_the_next_writes_the_rest()
    {
        await IngestAsync();
        using var stop = new CancellationTokenSource();
        var stopped = await _rig.Run().RunAsync(Request() with { Progress = new Called(stop.Cancel) }, stop.Token);
        stopped.Outcome.Should().Be(RunOutcome.Cancelled);

        var time = new FakeTimeProvider();
        var late = _rig.With(time: time).Run();
        var timedOut = await late.RunAsync(Request() with { Limit = TimeSpan.FromMinutes(4), Progress = new Called(() => time.Advance(TimeSpan.FromMinutes(5))) }, Token);
        (timedOut.Outcome, timedOut.CanHeal).Should().Be((RunOutcome.TimedOut, true));

        var rest = await RunAsync(drain: true);
        rest.Outcome.Should().Be(RunOutcome.Written);
        (stopped.Windows.Concat(timedOut.Windows).Concat(rest.Windows)).Sum(w => w.Rows["post"]).Should().Be(_rig.Read().Count("post"));
    }

    [Fact]
    public async Task A_run_that_gets_not_even_one_window_done_in_its_time_names_the_setting_and_the_window()
    {
        await IngestAsync();
        var first = TimeWindow.Containing((await _rig.Logs[0].ReadFirstAsync(LogEntryId.Zero))!.Id.Ms, _rig.Lake.Window);

        var none = await TimeOutAtAsync(started: 1);
        var some = await TimeOutAtAsync(started: 3);

        none.Windows.Should().BeEmpty();
        none.Error.Should().Contain("--run-limit").And.Contain($"its first window ({first})").And.Contain("nothing is written any more");
        some.Windows.Should().NotBeEmpty();
        some.Error.Should().Contain("still in the log").And.NotContain("--run-limit", "the next run goes on behind the windows that are done");
    }

    /// <summary>A run whose time is over when it begins its first, second, ... window.</summary>
    private Task<RunReport> TimeOutAtAsync(int started)
    {
        var time = new FakeTimeProvider();
        var progress = new Called(() => time.Advance(--started == 0 ? TimeSpan.FromMinutes(5) : TimeSpan.Zero));
        return _rig.With(time: time).Run().RunAsync(Request() with { Limit = TimeSpan.FromMinutes(4), Progress = progress }, Token);
    }

    private static RunRequest Request(bool drain = false) => new("run", RunTrigger.Manual, DateTimeOffset.UnixEpoch, 1, drain);

    private Task<RunReport> RunAsync(bool drain = false) => _rig.Run().RunAsync(Request(drain), Token);

    private Task IngestAsync() => _rig.IngestAsync(new MockSource(new MockFirehoseOptions { Events = 20_000 }), Token);

    /// <summary>Does something when a window is started.</summary>
    private sealed class Called(Action started) : IRunProgress
    {
        public void WindowStarted(DateTimeOffset start, DateTimeOffset end) => started();

        public void WindowWritten(WindowReport window)
        {
        }
    }

    /// <summary>Holds a run at its first window.</summary>
    private sealed class Held : IRunProgress
    {
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Entered => _entered.Task;

        public void Go() => _go.TrySetResult();

        public void WindowStarted(DateTimeOffset start, DateTimeOffset end)
        {
            _entered.TrySetResult();
            _go.Task.Wait(Deadlines.Condition, Token);
        }

        public void WindowWritten(WindowReport window)
        {
        }
    }
}
