using System.Globalization;

namespace Pipeline.Scheduling;

/// <summary>The tables of <see cref="ScheduleDatabase"/> beside Quartz' own, which it makes itself (QRTZ_*). Times are ms since the Unix epoch.</summary>
internal static class ScheduleTables
{
    // "PIPE": tells our file from any other SQLite database.
    private const int ApplicationId = 0x50495045;

    /// <summary>What makes each version out of the one before, the first out of nothing. A released one never changes.</summary>
    public static readonly string[] Steps =
    [
        """
        CREATE TABLE run (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            made_by TEXT NOT NULL,
            scheduled INTEGER NOT NULL,
            started INTEGER NOT NULL,
            finished INTEGER,
            attempt INTEGER NOT NULL,
            outcome TEXT,
            error TEXT,
            can_heal INTEGER NOT NULL DEFAULT 0,
            missed INTEGER NOT NULL DEFAULT 0,
            retry_of TEXT,
            program TEXT NOT NULL
        ) STRICT;
        CREATE INDEX run_started ON run (started);
        CREATE TABLE run_window (
            run TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
            starts INTEGER NOT NULL,
            ends INTEGER NOT NULL,
            files INTEGER NOT NULL,
            duration INTEGER NOT NULL,
            rows TEXT NOT NULL,
            bytes TEXT NOT NULL,
            PRIMARY KEY (run, starts, ends)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE schedule (
            only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
            id TEXT NOT NULL DEFAULT (lower(hex(randomblob(8)))),
            setting TEXT,
            window INTEGER,
            changed_to TEXT,
            changed INTEGER,
            paused INTEGER,
            pause_reason TEXT,
            counted_from INTEGER,
            program TEXT
        ) STRICT;
        INSERT INTO schedule (only_row) VALUES (1);
        CREATE TABLE request (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            retry_of TEXT,
            asked INTEGER NOT NULL,
            taken INTEGER,
            run TEXT
        ) STRICT;
        """,
        "ALTER TABLE run ADD COLUMN flow_run TEXT;",
    ];

    public static int Version => Steps.Length;

    /// <summary>Makes the tables of a database, or brings older ones up to date.</summary>
    /// <exception cref="ScheduleException">They are of a newer version, or the database is not ours.</exception>
    public static void Migrate(ScheduleDatabase database)
    {
        using var connection = database.Connect();
        var version = int.Parse(connection.Scalar("PRAGMA user_version")!, CultureInfo.InvariantCulture);
        if (version == Version) return;
        if (version > Version)
        {
            throw new ScheduleException(
                $"Database '{database.Path}' was made by a newer version of the program (its tables are version {version}, this one knows {Version}). Use that version, or another database (--schedule-db).");
        }

        var owner = int.Parse(connection.Scalar("PRAGMA application_id")!, CultureInfo.InvariantCulture);
        if (owner != ApplicationId && connection.Scalar("SELECT count(*) FROM sqlite_master") != "0")
        {
            throw new ScheduleException($"'{database.Path}' is a database of something else: choose another place for the schedule's (--schedule-db).");
        }

        connection.Execute("PRAGMA journal_mode = WAL");
        using var transaction = connection.BeginTransaction(deferred: false);
        // Another program may have been faster.
        version = int.Parse(connection.Scalar("PRAGMA user_version")!, CultureInfo.InvariantCulture);
        foreach (var step in Steps.Skip(version)) connection.Execute(step);
        connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Version}"));
        transaction.Commit();
    }
}
