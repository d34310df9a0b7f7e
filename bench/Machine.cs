using System.Globalization;
using System.Runtime.InteropServices;
using DuckDB.NET.Data;

namespace Pipeline.Bench;

/// <summary>What the figures were measured on.</summary>
internal static class Machine
{
    public static async Task<string> DescribeAsync(CancellationToken cancellationToken)
    {
        var redis = await Tool.RunAsync("redis-server", ["--version"], cancellationToken);
        var version = redis.Split(' ').FirstOrDefault(word => word.StartsWith("v=", StringComparison.Ordinal))?[2..] ?? "?";
        using var duck = new DuckDBConnection("DataSource=:memory:");
        duck.Open();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd}, {Environment.ProcessorCount} cores ({Processor()}), {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9:0} GB, " +
            $"{RuntimeInformation.OSArchitecture}; {RuntimeInformation.FrameworkDescription}, Redis {version}, DuckDB {duck.ServerVersion}.");
    }

    private static string Processor()
    {
        const string CpuInfo = "/proc/cpuinfo";
        var line = File.Exists(CpuInfo) ? File.ReadLines(CpuInfo).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?.Split(':')[^1].Trim() ?? "unknown";
    }
}
