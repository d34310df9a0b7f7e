using System.Globalization;
using DuckDB.NET.Data;

namespace Pipeline.Bench.Peers;

/// <summary>What a lake says, to compare it with another: rows by type, and a checksum over what identifies them.</summary>
/// <param name="ByType">A line for each type.</param>
internal sealed record LakeContent(long Rows, string ByType)
{
    public static LakeContent Of(string lake)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            $"""
            SELECT regexp_extract(filename, 'type=([a-z]+)', 1) AS type, count(*), bit_xor(hash(time_us, did, operation, rev, rkey, cid))::VARCHAR
            FROM read_parquet('{lake}/year=*/**/*.parquet', filename = true, hive_partitioning = false, union_by_name = true) GROUP BY type ORDER BY type
            """;
        using var reader = command.ExecuteReader();
        var (rows, lines) = (0L, new List<string>());
        while (reader.Read())
        {
            rows += reader.GetInt64(1);
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{reader.GetString(0)}: {reader.GetInt64(1):N0} rows, {reader.GetString(2)}"));
        }

        return new LakeContent(rows, string.Join('\n', lines));
    }
}
