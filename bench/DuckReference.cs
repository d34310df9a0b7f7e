using System.Diagnostics;
using DuckDB.NET.Data;
using Pipeline.Events;

namespace Pipeline.Bench;

/// <summary>
/// DuckDB doing the writer's work, with its default threads. It is let off two columns, <c>extra</c> and <c>envelope</c>, which it writes
/// as nulls, and off windows, syncs and commits.
/// </summary>
internal sealed class DuckReference : IDisposable
{
    private const string Read =
        """
        CREATE TEMP TABLE events AS SELECT * FROM read_ndjson('$file', columns = {
          did: 'VARCHAR', time_us: 'BIGINT',
          commit: 'STRUCT(operation VARCHAR, rev VARCHAR, rkey VARCHAR, cid VARCHAR, collection VARCHAR, record STRUCT("createdAt" VARCHAR,
            "text" VARCHAR, langs VARCHAR[], reply STRUCT(root STRUCT(uri VARCHAR, cid VARCHAR), parent STRUCT(uri VARCHAR, cid VARCHAR)),
            facets JSON, embed JSON, subject JSON, via STRUCT(uri VARCHAR, cid VARCHAR)))'})
        """;

    private const string Common =
        "time_us, did, commit.operation, commit.rev, commit.rkey, commit.cid, commit.record.createdAt AS created_at";

    private readonly string _folder;
    private readonly DuckDBConnection _connection = new("DataSource=:memory:");

    public DuckReference(string folder)
    {
        _folder = folder;
        _connection.Open();
    }

    /// <summary>Reads a file of events and writes a Parquet file per type, in a folder of its own; returns the rows written and the time it took.</summary>
    public (long Rows, TimeSpan Time) Convert(string json)
    {
        var started = Stopwatch.GetTimestamp();
        Execute(Read.Replace("$file", json, StringComparison.Ordinal));
        var rows = EventTypes.All.Sum(type => (long)Execute(
            $"""
            COPY (SELECT {Common}, {Columns(type)}, NULL::VARCHAR AS extra, NULL::VARCHAR AS envelope
            FROM events WHERE commit.collection = '{type.Collection()}')
            TO '{Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, $"type={type.Name()}")).FullName, type.Name())}.parquet' (FORMAT parquet, COMPRESSION zstd)
            """));
        var elapsed = Stopwatch.GetElapsedTime(started);
        Execute("DROP TABLE events");
        return (rows, elapsed);
    }

    /// <summary>Writes every file of a lake again, value by value; returns the bytes.</summary>
    public long Reencode(string lake)
    {
        var target = Path.Combine(_folder, "again.parquet");
        var bytes = 0L;
        foreach (var file in Directory.EnumerateFiles(lake, "*.parquet", SearchOption.AllDirectories))
        {
            Execute($"COPY (SELECT * FROM read_parquet('{file}', hive_partitioning = false)) TO '{target}' (FORMAT parquet, COMPRESSION zstd)");
            bytes += new FileInfo(target).Length;
        }

        return bytes;
    }

    /// <summary>Writes the rows of each group of files into one file; returns the bytes of these, and the time it took.</summary>
    public (long Bytes, TimeSpan Time) Merge(IEnumerable<IEnumerable<string>> groups)
    {
        var target = Path.Combine(_folder, "merged.parquet");
        var (bytes, started) = (0L, Stopwatch.GetTimestamp());
        foreach (var files in groups)
        {
            Execute($"COPY (SELECT * FROM read_parquet([{string.Join(',', files.Select(f => $"'{f}'"))}], hive_partitioning = false)) TO '{target}' (FORMAT parquet, COMPRESSION zstd)");
            bytes += new FileInfo(target).Length;
        }

        return (bytes, Stopwatch.GetElapsedTime(started));
    }

    /// <summary>How long a query takes to its last row.</summary>
    public TimeSpan Time(string query)
    {
        var started = Stopwatch.GetTimestamp();
        using var command = _connection.CreateCommand();
        command.CommandText = query;
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
        }

        return Stopwatch.GetElapsedTime(started);
    }

    public void Dispose() => _connection.Dispose();

    private static string Columns(EventType type) => type switch
    {
        EventType.Post =>
            """
            commit.record.text, commit.record.langs, commit.record.reply.root.uri AS reply_root_uri, commit.record.reply.root.cid AS reply_root_cid,
            commit.record.reply.parent.uri AS reply_parent_uri, commit.record.reply.parent.cid AS reply_parent_cid,
            commit.record.facets::VARCHAR AS facets, commit.record.embed::VARCHAR AS embed
            """,
        EventType.Like or EventType.Repost =>
            """
            commit.record.subject->>'$.uri' AS subject_uri, commit.record.subject->>'$.cid' AS subject_cid,
            commit.record.via.uri AS via_uri, commit.record.via.cid AS via_cid
            """,
        _ => "commit.record.subject->>'$' AS subject",
    };

    private int Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }
}
