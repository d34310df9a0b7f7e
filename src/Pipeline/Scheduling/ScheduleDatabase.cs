using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Pipeline.Scheduling;

/// <summary>
/// The SQLite file that holds the schedule, the run history, and Quartz' own tables. Nothing in it decides what is written to the lake, so
/// work goes on without it.
/// </summary>
internal sealed class ScheduleDatabase
{
    private const int ReadOnly = 8;
    private const int Corrupt = 11;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    private static readonly string[] _companions = ["", "-wal", "-shm", "-journal"];

    private readonly string _connectionString;

    // A database in memory lives as long as somebody has it open.
    private SqliteConnection? _memory;

    private ScheduleDatabase(string path, SqliteConnectionStringBuilder connection)
    {
        Path = path;
        // A second program on the same file is waited for: its transactions take milliseconds.
        connection.DefaultTimeout = 5;
        _connectionString = connection.ToString();
    }

    public string Path { get; }

    /// <summary>True when nothing of it is left when the program ends.</summary>
    public bool IsInMemory => _memory is not null;

    /// <summary>For Quartz, which opens its own connections.</summary>
    public string ConnectionString => _connectionString;

    /// <summary>True when the folder of the file is there, so that it can be opened without making one.</summary>
    public static bool HasPlace(string path) => Directory.Exists(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path)));

    /// <summary>
    /// Opens the file for a program that schedules: makes it when there is none, checks it, and brings its tables up to date. A broken one is set
    /// aside, and a new one begun.
    /// </summary>
    /// <exception cref="ScheduleException">It cannot be opened or written, or belongs to another program.</exception>
    public static ScheduleDatabase Open(string path, TimeProvider time, ILogger logger)
    {
        var database = InFile(path, SqliteOpenMode.ReadWriteCreate);
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(database.Path)!);
            if (database.Damage() is { } damage)
            {
                var aside = database.SetAside(time);
                logger.LogError(
                    "Database {Path} is broken ({Damage}) and was set aside as {Aside}. A new one is begun: the run history and what `pipeline schedule` changed are in the old one; nothing of the lake is.",
                    database.Path, damage, aside);
            }

            ScheduleTables.Migrate(database);
            database.Probe();
            return database;
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            database.Close();
            throw new ScheduleException(
                $"Cannot use database '{database.Path}': {e.Message.TrimEnd('.')}. Check that its folder is writable and has space, or choose another place (--schedule-db).", e);
        }
    }

    /// <summary>Begins one in memory, for a program whose file cannot be used just now.</summary>
    public static ScheduleDatabase OpenInMemory()
    {
        var name = $"schedule-{Guid.NewGuid():N}";
        var database = new ScheduleDatabase("memory", new SqliteConnectionStringBuilder { DataSource = name, Mode = SqliteOpenMode.Memory, Cache = SqliteCacheMode.Shared });
        database._memory = database.Connect();
        ScheduleTables.Migrate(database);
        return database;
    }

    /// <summary>Opens a file that is there, for a verb that looks at it or changes the schedule; null when there is none.</summary>
    /// <exception cref="ScheduleException">It cannot be read.</exception>
    public static ScheduleDatabase? OpenExisting(string path)
    {
        var database = InFile(path, SqliteOpenMode.ReadWrite);
        if (!File.Exists(database.Path)) return null;
        try
        {
            ScheduleTables.Migrate(database);
            return database;
        }
        catch (SqliteException e)
        {
            database.Close();
            var advice = e.SqliteErrorCode is Corrupt or NotADatabase
                ? "A program that schedules sets a broken one aside when it starts."
                : "Check that you may write to it and to its folder.";
            throw new ScheduleException($"Cannot read database '{database.Path}': {e.Message.TrimEnd('.')}. {advice}", e);
        }
    }

    /// <summary>The same for a verb that only looks: who may read the file and not write it sees it, too, and so does everybody on a disk that is read-only.</summary>
    /// <exception cref="ScheduleException">It cannot be read.</exception>
    public static ScheduleDatabase? OpenToRead(string path)
    {
        try
        {
            return OpenExisting(path);
        }
        catch (ScheduleException e) when (e.InnerException is SqliteException { SqliteErrorCode: ReadOnly or CannotOpen })
        {
            // A write-ahead log is read without writing only while its companions are there; where they are not, nobody has it open to change it.
            if ((Read(path, immutable: false) ?? Read(path, immutable: true)) is { } database) return database;
            throw;
        }
    }

    /// <summary>What tells this database from another one in its place; null when there is none in its place.</summary>
    /// <exception cref="SqliteException">It cannot be read.</exception>
    public string? ReadId()
    {
        if (IsInMemory) return Path;
        if (!File.Exists(Path)) return null;
        // Not from the pool, whose connections may still hold a file that has been removed.
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder(_connectionString) { Pooling = false, Mode = SqliteOpenMode.ReadWrite }.ToString());
        connection.Open();
        return connection.Scalar("SELECT id FROM schedule");
    }

    /// <summary>Looks into every table and writes something, to see whether that is possible.</summary>
    /// <exception cref="SqliteException">It is not.</exception>
    public void Probe()
    {
        using var connection = Connect();
        connection.Execute("SELECT 1 FROM run, run_window, request LIMIT 0");
        // On its own: what fails behind a SELECT is swallowed.
        connection.Execute("UPDATE schedule SET program = program");
    }

    /// <summary>
    /// Removes Quartz' own tables, which it makes again: they hold one job and one trigger, and when that was last due the history says, too. So whatever
    /// is wrong in them need not be understood.
    /// </summary>
    /// <exception cref="SqliteException">It cannot be done.</exception>
    public void DropQuartz()
    {
        using var connection = Connect();
        connection.Execute("PRAGMA foreign_keys = OFF");
        using var transaction = connection.BeginTransaction(deferred: false);
        var tables = connection.Scalar("""SELECT group_concat('DROP TABLE "' || name || '"', ';') FROM sqlite_master WHERE type = 'table' AND name LIKE 'QRTZ!_%' ESCAPE '!'""");
        if (!string.IsNullOrEmpty(tables)) connection.Execute(tables);
        transaction.Commit();
    }

    public SqliteConnection Connect()
    {
        var connection = new SqliteConnection(_connectionString);
        try
        {
            connection.Open();
            // With a write-ahead log this loses nothing when the program is killed, and the last runs at most when the power goes.
            connection.Execute("PRAGMA synchronous = NORMAL");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Closes what the pool still holds open.</summary>
    public void Close()
    {
        _memory?.Dispose();
        using var connection = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(connection);
    }

    private static ScheduleDatabase InFile(string path, SqliteOpenMode mode)
    {
        var full = System.IO.Path.GetFullPath(path);
        return new ScheduleDatabase(full, new SqliteConnectionStringBuilder { DataSource = full, Mode = mode });
    }

    private static ScheduleDatabase? Read(string path, bool immutable)
    {
        var full = System.IO.Path.GetFullPath(path);
        var source = immutable ? $"file:{string.Join('/', full.Split(System.IO.Path.DirectorySeparatorChar).Select(Uri.EscapeDataString))}?immutable=1" : full;
        var database = new ScheduleDatabase(full, new SqliteConnectionStringBuilder { DataSource = source, Mode = SqliteOpenMode.ReadOnly });
        try
        {
            ScheduleTables.Migrate(database);
            return database;
        }
        catch (SqliteException)
        {
            database.Close();
            return null;
        }
    }

    /// <summary>What is wrong with the file; null when nothing is, or there is none.</summary>
    private string? Damage()
    {
        if (!File.Exists(Path)) return null;
        try
        {
            using var connection = Connect();
            var found = connection.Scalar("PRAGMA integrity_check(1)");
            return found == "ok" ? null : found?.ReplaceLineEndings(" ");
        }
        catch (SqliteException e) when (e.SqliteErrorCode is Corrupt or NotADatabase)
        {
            return e.Message;
        }
    }

    private string SetAside(TimeProvider time)
    {
        Close();
        var aside = string.Create(CultureInfo.InvariantCulture, $"{Path}.broken-{time.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}");
        for (var n = 2; File.Exists(aside); n++) aside = string.Create(CultureInfo.InvariantCulture, $"{Path}.broken-{time.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}-{n}");
        foreach (var companion in _companions.Where(c => File.Exists(Path + c))) File.Move(Path + companion, aside + companion);
        return aside;
    }
}
