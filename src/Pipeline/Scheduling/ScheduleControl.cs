using Microsoft.Data.Sqlite;

namespace Pipeline.Scheduling;

/// <summary>
/// How people steer the schedule, and programs hear of it: both sides only read and write the database, so it does not matter which of them runs.
/// </summary>
internal sealed class ScheduleControl(ScheduleDatabase database, TimeProvider time)
{
    public ScheduleState Read()
    {
        using var connection = database.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT setting, window, changed_to, changed, paused, pause_reason, counted_from, program FROM schedule";
        using var row = command.ExecuteReader();
        if (!row.Read()) return new ScheduleState(null, null, null, null, null, null, null, null);
        return new ScheduleState(
            Text(row, 0),
            row.IsDBNull(1) ? null : TimeSpan.FromMilliseconds(row.GetInt64(1)),
            Text(row, 2),
            Time(row, 3),
            Time(row, 4),
            Text(row, 5),
            Time(row, 6),
            Text(row, 7));
    }

    /// <summary>Says with what settings a program schedules. Another schedule than before begins to count now.</summary>
    public void Begin(Schedule setting, TimeSpan window, string program) => Execute(
        """
        UPDATE schedule SET
            counted_from = CASE WHEN setting IS NULL OR setting = $setting AND window = $window THEN counted_from ELSE $now END,
            setting = $setting, window = $window, program = $program
        """,
        ("$setting", setting.Text), ("$window", (long)window.TotalMilliseconds), ("$program", program));

    /// <summary>Has no run become due until <see cref="Resume"/>.</summary>
    public void Pause(string? reason) => Execute(
        "UPDATE schedule SET paused = coalesce(paused, $now), pause_reason = $reason", ("$reason", reason));

    public void Resume() => Execute(
        "UPDATE schedule SET counted_from = CASE WHEN paused IS NULL THEN counted_from ELSE $now END, paused = NULL, pause_reason = NULL");

    /// <summary>Puts another schedule in the place of the setting; null gives the setting its place back.</summary>
    public void Change(Schedule? schedule) => Execute(
        "UPDATE schedule SET changed_to = $text, changed = CASE WHEN $text IS NULL THEN NULL ELSE $now END, counted_from = $now", ("$text", schedule?.Text));

    /// <summary>Takes over what people wanted in another database.</summary>
    public void Adopt(ScheduleState state) => Execute(
        "UPDATE schedule SET changed_to = $text, changed = $changed, paused = $paused, pause_reason = $reason, counted_from = $from",
        ("$text", state.ChangedTo), ("$changed", Ms(state.Changed)), ("$paused", Ms(state.Paused)), ("$reason", state.PauseReason), ("$from", Ms(state.CountedFrom)));

    /// <summary>Asks the programs for a run.</summary>
    /// <returns>The request's number.</returns>
    public long Ask(string? retryOf)
    {
        using var connection = database.Connect();
        using var command = Command(connection, "INSERT INTO request (retry_of, asked) VALUES ($retry_of, $now) RETURNING number", [("$retry_of", retryOf)]);
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>Takes on the oldest run that was asked for; null when none is open. Of two programs one gets it.</summary>
    public RunAsked? Take()
    {
        using var connection = database.Connect();
        using (var look = Command(connection, "SELECT 1 FROM request WHERE taken IS NULL LIMIT 1", []))
        {
            // Most looks find nothing, and take no lock.
            if (look.ExecuteScalar() is null) return null;
        }

        using var command = Command(
            connection,
            "UPDATE request SET taken = $now WHERE number = (SELECT min(number) FROM request WHERE taken IS NULL) RETURNING number, retry_of, taken, run",
            []);
        using var row = command.ExecuteReader();
        return row.Read() ? Asked(row) : null;
    }

    /// <summary>Says which run a request became.</summary>
    public void Answer(long request, string run) => Execute("UPDATE request SET run = $run WHERE number = $number", ("$run", run), ("$number", request));

    /// <summary>How a request stands; null when it was forgotten.</summary>
    public RunAsked? Find(long request)
    {
        using var connection = database.Connect();
        using var command = Command(connection, "SELECT number, retry_of, taken, run FROM request WHERE number = $number", [("$number", request)]);
        using var row = command.ExecuteReader();
        return row.Read() ? Asked(row) : null;
    }

    /// <summary>Takes back a request that no program has taken on.</summary>
    /// <returns>False when one has.</returns>
    public bool Withdraw(long request)
    {
        using var connection = database.Connect();
        using var command = Command(connection, "DELETE FROM request WHERE number = $number AND taken IS NULL", [("$number", request)]);
        return command.ExecuteNonQuery() == 1;
    }

    private static RunAsked Asked(SqliteDataReader row) => new(row.GetInt64(0), Text(row, 1), Time(row, 2), Text(row, 3));

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static long? Ms(DateTimeOffset? time) => time?.ToUnixTimeMilliseconds();

    private static DateTimeOffset? Time(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    private SqliteCommand Command(SqliteConnection connection, string sql, (string Name, object? Value)[] values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$now", time.GetUtcNow().ToUnixTimeMilliseconds());
        foreach (var (name, value) in values) command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }

    private void Execute(string sql, params (string Name, object? Value)[] values)
    {
        using var connection = database.Connect();
        using var command = Command(connection, sql, values);
        command.ExecuteNonQuery();
    }
}
