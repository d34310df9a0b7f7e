using System.Data.Common;
using DuckDB.NET.Data;

namespace Pipeline.Tests.Harness.Lake;

/// <summary>
/// Reads a lake with DuckDB, as a user would, and shares no code with the product: what it finds is what is there. Files that appear
/// while it is open are seen by the next call. Not for concurrent use.
/// </summary>
public sealed class LakeReader : IDisposable
{
    private readonly DuckDBConnection _connection = new("DataSource=:memory:");

    public LakeReader(string lake)
    {
        Lake = Path.GetFullPath(lake);
        _connection.Open();
    }

    /// <summary>The tables of events.</summary>
    public static IReadOnlyList<string> EventTables { get; } = ["post", "like", "repost", "follow", "block"];

    /// <summary>Every table.</summary>
    public static IReadOnlyList<string> Tables { get; } = [.. EventTables, "rejected"];

    public string Lake { get; }

    /// <summary>Every Parquet file below the lake, wherever it is, as paths below the lake with forward slashes, sorted.</summary>
    public IReadOnlyList<string> Files() => !Directory.Exists(Lake) ? [] :
    [
        .. Directory.EnumerateFiles(Lake, "*.parquet", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Lake, f).Replace('\\', '/'))
            .Order(StringComparer.Ordinal),
    ];

    public IReadOnlyList<string> Files(string table) =>
        [.. Files().Where(f => f.Contains($"/type={table}/", StringComparison.Ordinal))];

    /// <summary>The table as it goes into a FROM clause. DuckDB refuses it while the table has no file: see <see cref="Files(string)"/>.</summary>
    public string Source(string table) => FromFiles($"year=*/**/type={table}/*.parquet");

    /// <summary>All tables as one, as it goes into a FROM clause.</summary>
    public string Everything => FromFiles("year=*/**/*.parquet");

    public long Count(string table) => Files(table).Count == 0 ? 0 : Scalar<long>($"SELECT count(*) FROM {Source(table)}");

    /// <summary>Rows by table, read through the partition column; tables without rows are absent.</summary>
    public IReadOnlyDictionary<string, long> CountByType() => Files().Count == 0
        ? new Dictionary<string, long>()
        : Read($"SELECT type, count(*) FROM {Everything} GROUP BY type", r => KeyValuePair.Create(r.GetString(0), r.GetInt64(1))).ToDictionary();

    /// <summary>The first column of the first row.</summary>
    public T Scalar<T>(string sql) => Query<T>(sql)[0];

    /// <summary>The first column of every row.</summary>
    public IReadOnlyList<T> Query<T>(string sql) => Read(sql, r => r.IsDBNull(0) ? default! : r.GetFieldValue<T>(0));

    /// <summary>Rows by column name: <see cref="long"/>, <see cref="string"/>, byte[], List&lt;string&gt; or null; partition columns included.</summary>
    /// <param name="where">A condition in SQL.</param>
    public IReadOnlyList<IReadOnlyDictionary<string, object?>> Rows(string table, string where = "true") =>
        Files(table).Count == 0 ? [] : Read($"SELECT * FROM {Source(table)} WHERE {where}", Row);

    /// <summary>Column types by name, as DuckDB calls them.</summary>
    public IReadOnlyDictionary<string, string> Columns(string table) =>
        Read($"DESCRIBE SELECT * FROM {Source(table)}", r => KeyValuePair.Create(r.GetString(0), r.GetString(1))).ToDictionary();

    /// <summary>The rows of an event table as the events they came from; compare by <see cref="CanonicalJson"/>.</summary>
    /// <param name="where">A condition in SQL.</param>
    public IReadOnlyList<string> RestoreEvents(string table, string where = "true") => [.. Rows(table, where).Select(r => EventRestorer.Restore(table, r))];

    /// <summary>The events of all tables.</summary>
    public IReadOnlyList<string> RestoreEvents() => [.. EventTables.SelectMany(t => RestoreEvents(t))];

    /// <summary>The events of a table, read minute by minute: the rows of hours need not be in memory at once.</summary>
    public IEnumerable<string> RestoreInSlices(string table) => Files(table).Count == 0
        ? []
        : Query<long>($"SELECT DISTINCT time_us // 60000000 AS minute FROM {Source(table)} ORDER BY minute").SelectMany(minute => RestoreEvents(table, $"time_us // 60000000 = {minute}"));

    /// <summary>The identities of all rows of the event tables; one that is there twice is in the list twice.</summary>
    public IReadOnlyList<LakeIdentity> Identities() => [.. EventTables.Where(t => Files(t).Count > 0).SelectMany(Identities)];

    public void Dispose() => _connection.Dispose();

    private List<LakeIdentity> Identities(string table) => Read(
        $"SELECT did, rkey, rev, operation FROM {Source(table)}",
        r => new LakeIdentity(r.GetString(0), EventRestorer.Collection(table), r.GetString(1), r.GetString(2), r.GetString(3)));

    private string FromFiles(string glob) =>
        $"read_parquet('{Lake.Replace("'", "''", StringComparison.Ordinal)}/{glob}', hive_partitioning=true, union_by_name=true)";

    private List<T> Read<T>(string sql, Func<DbDataReader, T> row)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(row(reader));
        return rows;
    }

    private static IReadOnlyDictionary<string, object?> Row(DbDataReader reader)
    {
        var row = new Dictionary<string, object?>(StringComparer.Ordinal);
        for (var i = 0; i < reader.FieldCount; i++) row[reader.GetName(i)] = reader.IsDBNull(i) ? null : Plain(reader.GetValue(i));
        return row;
    }

    private static object Plain(object value)
    {
        if (value is int number) return (long)number;
        if (value is not Stream blob) return value;
        using var bytes = new MemoryStream();
        using (blob) blob.CopyTo(bytes);
        return bytes.ToArray();
    }
}
