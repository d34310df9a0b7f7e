using Pipeline.Scheduling;

namespace Pipeline.Tests.Unit.Scheduling;

/// <summary>Runs to put into a history.</summary>
internal static class Runs
{
    public static RunRecord Started(DateTimeOffset at, string id = "abcd1234", RunTrigger trigger = RunTrigger.Schedule) =>
        new(id, trigger, at, at.AddMilliseconds(7), null, 1, null, [], null, false, 0, null, "machine|1|x|y");

    public static RunRecord Finished(DateTimeOffset at, string id = "abcd1234", RunOutcome outcome = RunOutcome.Written) =>
        Started(at, id).End(new RunReport(outcome, outcome == RunOutcome.Written ? [Window(at.AddMinutes(-5))] : [], TimeSpan.FromSeconds(1), outcome == RunOutcome.Failed ? "Redis is away." : null, true), at.AddSeconds(1));

    private static WindowReport Window(DateTimeOffset start) => new(
        start,
        start.AddMinutes(5),
        new Dictionary<string, long> { ["post"] = 5, ["like"] = 70 },
        new Dictionary<string, long> { ["post"] = 5000, ["like"] = 7000 },
        2,
        TimeSpan.FromMilliseconds(700));
}
