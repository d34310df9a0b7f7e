using System.Globalization;
using StackExchange.Redis;

namespace Pipeline.Buffering;

/// <summary>How full Redis is.</summary>
public sealed class MemoryGauge(IDatabase database)
{
    /// <summary>Reads the memory in use and its limit, in bytes; a limit of 0 means none.</summary>
    public async Task<(long Used, long Max)> ReadAsync()
    {
        var info = (string?)await database.ExecuteAsync("INFO", "memory") ?? "";
        return (Field(info, "used_memory:"), Field(info, "maxmemory:"));
    }

    private static long Field(string info, string name)
    {
        var start = info.IndexOf("\n" + name, StringComparison.Ordinal);
        if (start < 0) return 0;
        var value = info.AsSpan(start + 1 + name.Length);
        var end = value.IndexOfAny('\r', '\n');
        return long.Parse(end < 0 ? value : value[..end], NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
