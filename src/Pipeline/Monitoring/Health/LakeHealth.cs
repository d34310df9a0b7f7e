using System.Globalization;

namespace Pipeline.Monitoring.Health;

/// <summary>Whether the lake has room.</summary>
internal sealed class LakeHealth(LakeMonitor monitor)
{
    private const double LeastFree = 0.02;

    public IEnumerable<Problem> Look()
    {
        if (monitor.Current is { Size: > 0 } space && (double)space.Free / space.Size is var free && free < LeastFree)
        {
            yield return new Problem(
                "lake", string.Create(CultureInfo.InvariantCulture, $"The lake's disk is full to the last {free:P1}."), "Make room, or move the lake: once it is full, events wait in Redis.");
        }
    }
}
