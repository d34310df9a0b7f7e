using FluentAssertions;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Pipeline.Scheduling;
using Xunit;

namespace Pipeline.Tests.Unit.Scheduling;

/// <summary>Whatever happens to the database, runs go on, and are in it when it is back.</summary>
public sealed class ScheduleStoreTests : IDisposable
{
    private static readonly DateTimeOffset _noon = new(2026, 7, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan _window = TimeSpan.FromMinutes(5);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("store-");
    private readonly FakeTimeProvider _time = new(_noon);
    private readonly ScheduleStats _stats = new();

    private string Place => Path.Combine(_folder.FullName, "_pipeline");

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void A_lake_that_nobody_has_claimed_gets_no_folder_and_its_runs_are_entered_when_it_has_one()
    {
        using var store = Open(inLake: true);
        store.Save(Runs.Finished(_noon));
        (store.Database.IsInMemory, store.CanReturn(), _stats.IsKept, Directory.Exists(Place)).Should().Be((true, false, false, false));

        Directory.CreateDirectory(Place);
        store.CanReturn().Should().BeTrue();
        store.Reopen(inMemory: false);

        (store.Database.IsInMemory, _stats.IsKept).Should().Be((false, true));
        store.History.Since(_noon).Should().ContainSingle().Which.Rows.Should().Be(75);
    }

    [Fact]
    public void A_place_that_cannot_be_used_is_no_reason_not_to_run()
    {
        File.WriteAllText(Place, "a file where a folder should be");
        using var store = Open(inLake: false);
        store.Database.IsInMemory.Should().BeTrue();
        store.Save(Runs.Finished(_noon));
        store.Save(Runs.Finished(_noon.AddMinutes(5), "bcde2345"));
        store.CanReturn().Should().BeFalse();

        File.Delete(Place);
        store.CanReturn().Should().BeTrue();
        store.Reopen(inMemory: false);

        store.History.Since(_noon).Select(r => r.Id).Should().Equal("abcd1234", "bcde2345");
    }

    [Fact]
    public void A_file_that_is_removed_or_replaced_is_noticed_and_runs_that_could_not_be_saved_are_saved_in_the_next()
    {
        Directory.CreateDirectory(Place);
        using var store = Open(inLake: true);
        store.IsInPlace().Should().BeTrue();
        Directory.Delete(Place, recursive: true);
        store.IsInPlace().Should().BeFalse();
        Directory.CreateDirectory(Place);
        using (var other = Open(inLake: true)) other.IsInPlace().Should().BeTrue();
        store.IsInPlace().Should().BeFalse("it is another database");

        store.Reopen(inMemory: false);
        store.Save(Runs.Finished(_noon));

        store.IsInPlace().Should().BeTrue();
        store.History.Since(_noon).Should().ContainSingle();
    }

    [Fact]
    public void A_run_that_the_database_cannot_take_is_kept_until_it_can()
    {
        Directory.CreateDirectory(Place);
        using var store = Open(inLake: true);
        Execute("ALTER TABLE run RENAME TO away");
        store.Save(Runs.Started(_noon));
        store.Save(Runs.Finished(_noon));
        store.Save(Runs.Finished(_noon.AddMinutes(5), "bcde2345"));
        Execute("ALTER TABLE away RENAME TO run");

        store.Save(Runs.Finished(_noon.AddMinutes(10), "cdef3456"));

        store.History.Since(_noon).Select(r => (r.Id, r.Outcome)).Should().Equal(
            ("abcd1234", RunOutcome.Written), ("bcde2345", RunOutcome.Written), ("cdef3456", RunOutcome.Written));

        void Execute(string sql)
        {
            using var connection = store.Database.Connect();
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }
    }

    [Fact]
    public void A_pause_and_another_schedule_go_on_counting_when_the_database_fails()
    {
        Directory.CreateDirectory(Place);
        using var store = Open(inLake: true);
        store.Control.Change(Schedule.TryParse("30s", _window, out _));
        store.Control.Pause("disk exchange");
        var wanted = store.ReadState();

        store.Reopen(inMemory: true);

        store.Database.IsInMemory.Should().BeTrue();
        store.ReadState().Should().BeEquivalentTo(wanted, o => o.Excluding(s => s.Setting).Excluding(s => s.Window).Excluding(s => s.Program));
        (wanted.Paused, wanted.ChangedTo).Should().Be((_noon, "30s"));
    }

    [Fact]
    public void A_pause_and_another_schedule_go_on_counting_in_a_new_file_and_one_that_another_program_began_is_left_alone()
    {
        Directory.CreateDirectory(Place);
        using var store = Open(inLake: true);
        store.Control.Change(Schedule.TryParse("30s", _window, out _));
        store.Control.Pause("disk exchange");
        var wanted = store.ReadState();

        Renew();
        store.Reopen(inMemory: false);

        store.Database.IsInMemory.Should().BeFalse();
        store.ReadState().Should().BeEquivalentTo(wanted);

        Renew();
        using (var other = Open(inLake: true)) other.Control.Begin(Schedule.Every(_window), _window, "other");
        store.Reopen(inMemory: false);

        var found = store.ReadState();
        (found.Program, found.Paused, found.ChangedTo).Should().Be(("other", null, null));

        void Renew()
        {
            Directory.Delete(Place, recursive: true);
            Directory.CreateDirectory(Place);
            SqliteConnection.ClearAllPools();
        }
    }

    [Fact]
    public void A_file_that_opens_and_cannot_be_read_is_done_without()
    {
        Directory.CreateDirectory(Place);
        using var store = Open(inLake: true);
        using (var connection = store.Database.Connect())
        {
            using var command = connection.CreateCommand();
            command.CommandText = "ALTER TABLE schedule RENAME COLUMN id TO away";
            command.ExecuteNonQuery();
        }

        store.Reopen(inMemory: false);
        store.Save(Runs.Finished(_noon));

        store.Database.IsInMemory.Should().BeTrue();
        store.History.Since(_noon).Should().ContainSingle();
    }

    [Fact]
    public void A_history_that_cannot_be_written_shows()
    {
        Directory.CreateDirectory(Place);
        using var store = Open(inLake: true);
        using var other = store.Database.Connect();
        Execute("ALTER TABLE run RENAME TO away");
        store.Save(Runs.Finished(_noon));
        _stats.IsKept.Should().BeFalse();

        Execute("ALTER TABLE away RENAME TO run");
        store.Save(Runs.Finished(_noon.AddMinutes(5), "bcde2345"));
        _stats.IsKept.Should().BeTrue();

        void Execute(string sql)
        {
            using var command = other.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }
    }

    [Fact]
    public void Two_programs_know_of_each_other()
    {
        Directory.CreateDirectory(Place);
        using var store = Open(inLake: true);
        ProgramLock.IsHeld(store.Database).Should().BeFalse();
        using (var first = ProgramLock.TryTake(store.Database))
        {
            first.Should().NotBeNull();
            ProgramLock.TryTake(store.Database).Should().BeNull();
            ProgramLock.IsHeld(store.Database).Should().BeTrue();
        }

        ProgramLock.IsHeld(store.Database).Should().BeFalse();
    }

    private ScheduleStore Open(bool inLake) =>
        new(new ScheduleOptions(Schedule.Every(_window), _window, Path.Combine(Place, "schedule.db")) { IsInLake = inLake }, _stats, _time, NullLogger.Instance);
}
