using System.Diagnostics;

namespace Pipeline.Tests.Load.Reports;

/// <summary>What this process, generator and product, took of the machine during a run.</summary>
/// <param name="Cpu">Share of the time of all cores.</param>
/// <param name="Paused">Share of the time in which the garbage collector held up every thread.</param>
public sealed record OwnLoad(double Cpu, double Paused)
{
    internal static OwnLoad Since(Reading start)
    {
        var (now, elapsed) = (Reading.Now(), Stopwatch.GetElapsedTime(start.Timestamp));
        return new OwnLoad((now.Cpu - start.Cpu) / elapsed / Environment.ProcessorCount, (now.Paused - start.Paused) / elapsed);
    }

    internal readonly record struct Reading(long Timestamp, TimeSpan Cpu, TimeSpan Paused)
    {
        public static Reading Now() => new(Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime, GC.GetTotalPauseDuration());
    }
}
