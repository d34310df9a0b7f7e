namespace Pipeline.Scheduling;

/// <summary>The tables of <see cref="ScheduleDatabase"/> beside Quartz' own, which it makes itself (QRTZ_*). Times are ms since the Unix epoch.</summary>
internal static class ScheduleTables
{
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
}
