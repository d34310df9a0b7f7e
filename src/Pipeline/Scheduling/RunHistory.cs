using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Pipeline.Scheduling;

/// <summary>The runs in the schedule's database. Several programs may write at once.</summary>
internal sealed class RunHistory(ScheduleDatabase database)
{
    private const string Columns = "id, made_by, scheduled, started, finished, attempt, outcome, error, can_heal, missed, retry_of, program, flow_run";

    /// <summary>Adds a run, or replaces it by what is known of it now.</summary>
    public void Save(RunRecord run)
    {
        using var connection = database.Connect();
        using var transaction = connection.BeginTransaction(deferred: false);
        using var command = connection.CreateCommand();
        command.CommandText =
            $"""
            INSERT INTO run ({Columns}) VALUES ($id, $made_by, $scheduled, $started, $finished, $attempt, $outcome, $error, $can_heal, $missed, $retry_of, $program, $flow_run)
            ON CONFLICT (id) DO UPDATE SET finished = excluded.finished, outcome = excluded.outcome, error = excluded.error, can_heal = excluded.can_heal
            """;
        Set(command, "$id", run.Id);
        Set(command, "$made_by", Word(run.Trigger));
        Set(command, "$scheduled", run.Scheduled.ToUnixTimeMilliseconds());
        Set(command, "$started", run.Started.ToUnixTimeMilliseconds());
        Set(command, "$finished", run.Finished?.ToUnixTimeMilliseconds());
        Set(command, "$attempt", run.Attempt);
        Set(command, "$outcome", run.Outcome is { } outcome ? Word(outcome) : null);
        Set(command, "$error", run.Error);
        Set(command, "$can_heal", run.CanHeal ? 1 : 0);
        Set(command, "$missed", run.Missed);
        Set(command, "$retry_of", run.RetryOf);
        Set(command, "$program", run.Program);
        Set(command, "$flow_run", run.FlowRun);
        command.ExecuteNonQuery();
        foreach (var window in run.Windows) Save(connection, run.Id, window);
        transaction.Commit();
    }

    /// <summary>Runs, newest first.</summary>
    public IReadOnlyList<RunRecord> Read(RunQuery query)
    {
        using var connection = database.Connect();
        using var command = connection.CreateCommand();
        command.CommandText =
            $"""
            SELECT {Columns} FROM run
            {(query.Failed ? "WHERE outcome IN ('failed', 'timed_out', 'crashed')" : "")}
            ORDER BY started DESC, number DESC LIMIT $limit
            """;
        Set(command, "$limit", query.Limit);
        return ReadAll(connection, command);
    }

    /// <summary>The runs that began at a moment or later, oldest first.</summary>
    public IReadOnlyList<RunRecord> Since(DateTimeOffset moment)
    {
        using var connection = database.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {Columns} FROM run WHERE started >= $moment ORDER BY started, number";
        Set(command, "$moment", moment.ToUnixTimeMilliseconds());
        return ReadAll(connection, command);
    }

    /// <summary>The run whose id begins so; null when there is none, or more than one.</summary>
    public RunRecord? Find(string id)
    {
        using var connection = database.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {Columns} FROM run WHERE substr(id, 1, length($id)) = $id LIMIT 2";
        Set(command, "$id", id);
        return ReadAll(connection, command) is [var run] ? run : null;
    }

    /// <summary>The run with the newest scheduled time; null when there is none.</summary>
    public RunRecord? LastScheduled()
    {
        using var connection = database.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {Columns} FROM run WHERE made_by IN ('schedule', 'catch_up') ORDER BY scheduled DESC, number DESC LIMIT 1";
        return ReadAll(connection, command) is [var run] ? run : null;
    }

    /// <summary>The runs that have begun and not ended.</summary>
    public IReadOnlyList<RunRecord> Unfinished()
    {
        using var connection = database.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {Columns} FROM run WHERE finished IS NULL ORDER BY number";
        return ReadAll(connection, command);
    }

    /// <summary>Forgets runs that began before a moment.</summary>
    /// <returns>How many.</returns>
    public int Prune(DateTimeOffset before)
    {
        using var connection = database.Connect();
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            DELETE FROM request WHERE asked < $before;
            DELETE FROM run_window WHERE run IN (SELECT id FROM run WHERE started < $before);
            DELETE FROM run WHERE started < $before RETURNING 1;
            """;
        Set(command, "$before", before.ToUnixTimeMilliseconds());
        using var reader = command.ExecuteReader();
        var count = 0;
        while (reader.Read()) count++;
        return count;
    }

    private static void Save(SqliteConnection connection, string run, WindowReport window)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            "INSERT OR REPLACE INTO run_window (run, starts, ends, files, duration, rows, bytes) VALUES ($run, $starts, $ends, $files, $duration, $rows, $bytes)";
        Set(command, "$run", run);
        Set(command, "$starts", window.Start.ToUnixTimeMilliseconds());
        Set(command, "$ends", window.End.ToUnixTimeMilliseconds());
        Set(command, "$files", window.Files);
        Set(command, "$duration", (long)window.Duration.TotalMilliseconds);
        Set(command, "$rows", JsonSerializer.Serialize(window.Rows, CountsJson.Default.IReadOnlyDictionaryStringInt64));
        Set(command, "$bytes", JsonSerializer.Serialize(window.Bytes, CountsJson.Default.IReadOnlyDictionaryStringInt64));
        command.ExecuteNonQuery();
    }

    private static void Set(SqliteCommand command, string name, object? value) => command.Parameters.AddWithValue(name, value ?? DBNull.Value);

    private static List<RunRecord> ReadAll(SqliteConnection connection, SqliteCommand command)
    {
        var runs = new List<RunRecord>();
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read()) runs.Add(ReadRun(reader));
        }

        return [.. runs.Select(r => r with { Windows = ReadWindows(connection, r.Id) })];
    }

    private static RunRecord ReadRun(SqliteDataReader row) => new(
        row.GetString(0),
        Enumeration<RunTrigger>(row.GetString(1)),
        Time(row.GetInt64(2)),
        Time(row.GetInt64(3)),
        row.IsDBNull(4) ? null : Time(row.GetInt64(4)),
        row.GetInt32(5),
        row.IsDBNull(6) ? null : Enumeration<RunOutcome>(row.GetString(6)),
        [],
        row.IsDBNull(7) ? null : row.GetString(7),
        row.GetInt64(8) != 0,
        row.GetInt64(9),
        row.IsDBNull(10) ? null : row.GetString(10),
        row.GetString(11))
    {
        FlowRun = row.IsDBNull(12) ? null : row.GetString(12),
    };

    private static List<WindowReport> ReadWindows(SqliteConnection connection, string run)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT starts, ends, files, duration, rows, bytes FROM run_window WHERE run = $run ORDER BY starts";
        Set(command, "$run", run);
        using var row = command.ExecuteReader();
        var windows = new List<WindowReport>();
        while (row.Read())
        {
            windows.Add(new WindowReport(
                Time(row.GetInt64(0)), Time(row.GetInt64(1)), Counts(row.GetString(4)), Counts(row.GetString(5)), row.GetInt32(2), TimeSpan.FromMilliseconds(row.GetInt64(3))));
        }

        return windows;
    }

    private static IReadOnlyDictionary<string, long> Counts(string json) => JsonSerializer.Deserialize(json, CountsJson.Default.IReadOnlyDictionaryStringInt64)!;

    private static DateTimeOffset Time(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);

    private static T Enumeration<T>(string word) where T : struct, Enum => Enum.Parse<T>(word.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);

    /// <summary>catch_up for CatchUp: as it stands in the database and in JSON.</summary>
    public static string Word<T>(T value) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
