using FluentAssertions;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Pipeline.Scheduling;
using Pipeline.Tests.Harness;
using Xunit;

namespace Pipeline.Tests.Unit.Scheduling;

public sealed class ScheduleDatabaseTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("schedule-");
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 7, 4, 12, 0, 0, TimeSpan.Zero));

    private string File => Path.Combine(_folder.FullName, "inner", "schedule.db");

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void What_was_saved_is_there_when_it_is_opened_again()
    {
        var run = Runs.Finished(_time.GetUtcNow());
        new RunHistory(Open()).Save(run);

        new RunHistory(Open()).Read(new RunQuery(10)).Should().ContainSingle().Which.Should().BeEquivalentTo(run);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Who_may_only_read_it_sees_the_runs(bool whileItIsOpen)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Giving up one's rights is a call of Linux.");
        var run = Runs.Finished(_time.GetUtcNow());
        var database = Open();
        new RunHistory(database).Save(run);
        using var writer = database.Connect();
        if (!whileItIsOpen) writer.Dispose();
        if (!whileItIsOpen) SqliteConnection.ClearAllPools();
        if (!OperatingSystem.IsWindows()) Allow(UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        FewRights.Run(() => new RunHistory(ScheduleDatabase.OpenToRead(File)!).Read(new RunQuery(10))).Should().ContainSingle().Which.Should().BeEquivalentTo(run);
        if (whileItIsOpen) return;
        FluentActions.Invoking(() => FewRights.Run(() => ScheduleDatabase.OpenExisting(File))).Should().Throw<ScheduleException>().WithMessage("*Check that you may write to it*");
    }

    [Theory]
    [InlineData(0, 4096)]
    [InlineData(8192, 12288)]
    public void A_broken_file_is_set_aside_and_work_goes_on_with_a_new_one(int from, int to)
    {
        var database = Open();
        foreach (var n in Enumerable.Range(0, 200)) new RunHistory(database).Save(Runs.Finished(_time.GetUtcNow(), $"run{n:D5}"));
        database.Close();
        Checkpoint();
        Spoil(from, to);

        var history = new RunHistory(Open());

        history.Read(new RunQuery(10)).Should().BeEmpty();
        history.Save(Runs.Finished(_time.GetUtcNow()));
        history.Read(new RunQuery(10)).Should().ContainSingle();
        Directory.GetFiles(Path.GetDirectoryName(File)!, "schedule.db.broken-20260704T120000Z").Should().ContainSingle();
    }

    [Fact]
    public void A_file_that_is_no_database_is_set_aside()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.WriteAllText(File, new string('x', 10_000));

        new RunHistory(Open()).Read(new RunQuery(10)).Should().BeEmpty();

        System.IO.File.ReadAllText(File + ".broken-20260704T120000Z").Should().StartWith("xxx");
    }

    [Fact]
    public void A_database_of_something_else_is_left_alone()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        using (var connection = new SqliteConnection($"Data Source={File}"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1)";
            command.ExecuteNonQuery();
        }

        var open = () => Open();

        open.Should().Throw<ScheduleException>().WithMessage("*database of something else*--schedule-db*");
    }

    [Fact]
    public void The_first_version_is_brought_up_to_date_with_what_is_in_it()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        using (var connection = new SqliteConnection($"Data Source={File}"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = ScheduleTables.Steps[0] + """
                INSERT INTO run (id, made_by, scheduled, started, attempt, program) VALUES ('old', 'schedule', 1, 2, 1, 'p');
                PRAGMA application_id = 0x50495045; PRAGMA user_version = 1;
                """;
            command.ExecuteNonQuery();
        }

        var history = new RunHistory(Open());
        history.Save(Runs.Finished(_time.GetUtcNow()) with { FlowRun = "a flow run" });

        history.Read(new RunQuery(10)).Select(r => (r.Id, r.FlowRun)).Should().Equal(("abcd1234", "a flow run"), ("old", null));
    }

    [Fact]
    public void A_newer_version_is_left_alone()
    {
        var database = Open();
        using (var connection = database.Connect())
        {
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 99";
            command.ExecuteNonQuery();
        }

        var open = () => Open();

        open.Should().Throw<ScheduleException>().WithMessage("*newer version*99*");
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_said()
    {
        System.IO.File.WriteAllText(Path.Combine(_folder.FullName, "inner"), "a file where a folder should be");

        var open = () => Open();

        open.Should().Throw<ScheduleException>().WithMessage($"Cannot use database '{File}'*--schedule-db*");
    }

    [Fact]
    public void What_cannot_be_written_is_noticed_when_it_is_opened()
    {
        using var other = Open().Connect();
        using var begin = other.CreateCommand();
        begin.CommandText = "BEGIN EXCLUSIVE";
        begin.ExecuteNonQuery();

        var open = () => Open();

        open.Should().Throw<ScheduleException>().WithMessage("*locked*");
    }

    [Fact]
    public void Of_what_is_in_it_only_Quartz_tables_are_dropped()
    {
        var database = Open();
        new RunHistory(database).Save(Runs.Finished(_time.GetUtcNow()));
        using var connection = database.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = "CREATE TABLE QRTZ_A (a PRIMARY KEY); CREATE TABLE QRTZ_B (b REFERENCES QRTZ_A (a)); INSERT INTO QRTZ_A VALUES (1); INSERT INTO QRTZ_B VALUES (1); CREATE TABLE QRTZA (c)";
        command.ExecuteNonQuery();

        database.DropQuartz();
        database.DropQuartz();

        command.CommandText = "SELECT group_concat(name, ' ') FROM (SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name)";
        command.ExecuteScalar().Should().Be("QRTZA request run run_window schedule");
        new RunHistory(database).Read(new RunQuery(10)).Should().ContainSingle();
    }

    [Fact]
    public void A_verb_that_only_looks_makes_no_file()
    {
        ScheduleDatabase.OpenExisting(File).Should().BeNull();

        _folder.EnumerateFileSystemInfos().Should().BeEmpty();
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private void Allow(UnixFileMode mode)
    {
        const UnixFileMode Enter = UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        foreach (var folder in new[] { _folder.FullName, Path.GetDirectoryName(File)! }) System.IO.File.SetUnixFileMode(folder, mode | Enter);
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(File)!)) System.IO.File.SetUnixFileMode(file, mode);
    }

    private ScheduleDatabase Open() => ScheduleDatabase.Open(File, _time, NullLogger.Instance);

    /// <summary>Brings everything from the write-ahead log into the file.</summary>
    private void Checkpoint()
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        command.ExecuteNonQuery();
    }

    private void Spoil(int from, int to)
    {
        using var file = System.IO.File.OpenWrite(File);
        file.Length.Should().BeGreaterThan(to);
        file.Position = from;
        for (var n = from; n < to; n++) file.WriteByte(0xA5);
    }
}
