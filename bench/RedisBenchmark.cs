using System.Globalization;
using System.Text.RegularExpressions;

namespace Pipeline.Bench;

/// <summary>Redis' own benchmark: one event per stream entry, as fast as its C client can send them.</summary>
internal static partial class RedisBenchmark
{
    /// <summary>Returns entries per second.</summary>
    public static async Task<double> RunAsync(int port, int events, int payloadBytes, CancellationToken cancellationToken)
    {
        string[] arguments =
        [
            "-p", port.ToString(CultureInfo.InvariantCulture), "-c", "10", "-P", "64", "-n", events.ToString(CultureInfo.InvariantCulture), "-q",
            "XADD", "bench:stream", "*", "e", new string('x', payloadBytes),
        ];
        var output = await Tool.RunAsync("redis-benchmark", arguments, cancellationToken);
        var rate = Rate().Matches(output).LastOrDefault() ?? throw new InvalidOperationException($"redis-benchmark printed no rate: {output}");
        return double.Parse(rate.Groups["rate"].ValueSpan, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"(?<rate>[\d.]+) requests per second")]
    private static partial Regex Rate();
}
