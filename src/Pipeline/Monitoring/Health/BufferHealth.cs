using System.Globalization;
using Pipeline.Buffering;

namespace Pipeline.Monitoring.Health;

/// <summary>Whether Redis holds the log.</summary>
/// <param name="stats">Of who appends; null in a program that does not.</param>
internal sealed class BufferHealth(BufferMonitor monitor, IngestStats? stats)
{
    public IEnumerable<Problem> Look()
    {
        if (monitor.Current is not { } reading)
        {
            yield return monitor.HasLooked
                ? new Problem("buffer", "Redis does not answer.", "Start it, or see to the network. Nothing is lost: reading and writing go on by themselves.")
                : new Problem("buffer", "Redis has not been looked at yet.", "That takes a moment after the start.");
            yield break;
        }

        if (stats is { IsHolding: true })
        {
            yield return new Problem(
                "buffer", string.Create(CultureInfo.InvariantCulture, $"Reading pauses: Redis' memory is at {reading.MemoryUtilization:P0} of its limit."),
                "The writer frees what is in the lake: is it running? Otherwise see what else fills Redis (redis-cli --bigkeys).");
        }

        if (reading.BallastKeys < reading.BallastExpected)
        {
            yield return new Problem(
                "buffer", $"Redis has evicted {reading.BallastExpected - reading.BallastKeys} of {reading.BallastExpected} ballast keys, and the log would be next.",
                "Something else fills Redis: see what (redis-cli --bigkeys), or give it more memory.");
        }
    }
}
