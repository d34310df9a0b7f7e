using System.Globalization;
using Pipeline.Tests.Harness;

namespace Pipeline.Tests.Integration.Faults.Injections;

/// <summary>The append-only file of a Redis that is down.</summary>
internal static class AofFiles
{
    private const string Newest = "f=$(ls -t /data/appendonlydir/*.incr.aof | head -n 1)";

    /// <summary>Cuts off the last bytes.</summary>
    public static Task CutAsync(this RedisServer server, int bytes) =>
        server.ShellAsync($"{Newest}; [ \"$(stat -c %s \"$f\")\" -gt {Text(bytes)} ]; truncate -s -{Text(bytes)} \"$f\"");

    /// <summary>Writes rubbish over the last bytes.</summary>
    public static Task SpoilTailAsync(this RedisServer server, int bytes) => server.ShellAsync(
        $"{Newest}; s=$(stat -c %s \"$f\"); [ \"$s\" -gt {Text(bytes)} ]; truncate -s -{Text(bytes)} \"$f\"; head -c {Text(bytes)} /dev/urandom >> \"$f\"");

    /// <summary>What the runbook says for a Redis that refuses its append-only file (docs/reliability.md).</summary>
    public static Task<string> RepairAsync(this RedisServer server) =>
        server.ShellAsync("yes | redis-check-aof --fix /data/appendonlydir/appendonly.aof.manifest");

    public static async Task<byte[]> ReadAsync(this RedisServer server) => Convert.FromBase64String(await server.ShellAsync($"{Newest}; base64 -w 0 \"$f\""));

    /// <summary>Changes one byte.</summary>
    public static Task WriteByteAsync(this RedisServer server, long at, byte value) => server.ShellAsync(
        $"{Newest}; printf '\\{Convert.ToString(value, 8).PadLeft(3, '0')}' | dd of=\"$f\" bs=1 seek={Text(at)} conv=notrunc status=none");

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
