using FluentAssertions;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Pipeline.Commands;
using Pipeline.Scheduling;
using Pipeline.Tests.Harness;
using Xunit;

namespace Pipeline.Tests.Unit.Scheduling;

/// <summary>Whoever asks the program that schedules for a run gets an answer, whatever becomes of it.</summary>
public sealed class RunNowTests : IDisposable
{
    private static readonly DateTimeOffset _noon = new(2026, 7, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("now-");
    private readonly FakeTimeProvider _time = new(_noon);
    private readonly ScheduleDatabase _database;
    private readonly ScheduleControl _control;

    public RunNowTests()
    {
        _database = ScheduleDatabase.Open(Path.Combine(_folder.FullName, "schedule.db"), _time, NullLogger.Instance);
        _control = new ScheduleControl(_database, _time);
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_program_that_takes_the_request_and_is_gone_is_not_waited_for()
    {
        var program = ProgramLock.TryTake(_database)!;
        var asking = AskAsync();
        _control.Take().Should().NotBeNull();
        await PassAsync(TimeSpan.FromMinutes(5));
        asking.IsCompleted.Should().BeFalse("another run may be at it for long");

        program.Dispose();

        (await EndsAsync(asking)).Which.Message.Should().Contain("is gone");
    }

    [Fact]
    public async Task A_program_that_does_not_take_the_request_is_not_waited_for()
    {
        using var program = ProgramLock.TryTake(_database);

        (await EndsAsync(AskAsync())).Which.Message.Should().Contain("taken back");

        _control.Take().Should().BeNull();
    }

    [Fact]
    public async Task A_request_whose_database_was_replaced_is_not_waited_for()
    {
        using var program = ProgramLock.TryTake(_database);
        var asking = AskAsync();
        using (var connection = _database.Connect())
        {
            using var command = connection.CreateCommand();
            command.CommandText = "DELETE FROM request";
            command.ExecuteNonQuery();
        }

        (await EndsAsync(asking)).Which.Message.Should().Contain("replaced");
    }

    [Fact]
    public async Task The_run_is_told_of_when_it_has_ended()
    {
        using var program = ProgramLock.TryTake(_database);
        var asking = AskAsync();
        _control.Answer(_control.Take()!.Number, "abcd1234");
        var history = new RunHistory(_database);
        history.Save(Runs.Started(_noon));
        await PassAsync(TimeSpan.FromMinutes(1));
        asking.IsCompleted.Should().BeFalse();

        history.Save(Runs.Finished(_noon));
        await UntilOverAsync(asking);

        (await asking).Outcome.Should().Be(RunOutcome.Written);
    }

    private Task<RunRecord> AskAsync() => RunNow.AskAsync(_database, retried: null, _time, TestContext.Current.CancellationToken);

    private async Task<FluentAssertions.Specialized.ExceptionAssertions<EnvironmentException>> EndsAsync(Task<RunRecord> asking)
    {
        await UntilOverAsync(asking);
        return await FluentActions.Awaiting(() => asking).Should().ThrowAsync<EnvironmentException>();
    }

    private Task UntilOverAsync(Task asking) => Eventually.TrueAsync("an answer", () =>
    {
        _time.Advance(TimeSpan.FromSeconds(5));
        return asking.IsCompleted;
    });

    private async Task PassAsync(TimeSpan span)
    {
        for (var passed = TimeSpan.Zero; passed < span; passed += TimeSpan.FromSeconds(30))
        {
            _time.Advance(TimeSpan.FromSeconds(30));
            await Task.Delay(Deadlines.Poll, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
