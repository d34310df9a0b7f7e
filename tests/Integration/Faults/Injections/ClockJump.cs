namespace Pipeline.Tests.Integration.Faults.Injections;

/// <summary>The host's clock jumps once.</summary>
internal sealed class ClockJump(TimeSpan offset) : Injection
{
    public override async Task<string> InjectAsync(FaultRun run)
    {
        run.Time.Offset = offset;
        await run.FlowsAsync(500);
        return $"clock {offset}, read {await run.LooksAtClockAsync()} times";
    }
}
