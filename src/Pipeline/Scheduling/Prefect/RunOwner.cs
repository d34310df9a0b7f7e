using System.Globalization;
using System.Text.RegularExpressions;

namespace Pipeline.Scheduling.Prefect;

/// <summary>
/// Which process has a flow run. It stands in the message of the states PENDING and RUNNING, so that taking a run and saying who has it is one
/// request: a worker that was killed leaves no run whose owner is unknown.
/// </summary>
/// <param name="Incarnation">Tells two processes of the same number apart: in a container they all have the same.</param>
internal sealed partial record RunOwner(string Worker, string Machine, int Process, string Incarnation)
{
    private static readonly string _incarnation = Guid.NewGuid().ToString("N")[..12];

    /// <summary>When the process began (<see cref="ProcessStart"/>); null where that is not known.</summary>
    public string? Start { get; init; }

    public static RunOwner Self(string worker) => new(worker, Environment.MachineName, Environment.ProcessId, _incarnation) { Start = ProcessStart.Own };

    public static RunOwner? Parse(string? message)
    {
        if (message is null || Owner().Match(message) is not { Success: true } match) return null;
        return new RunOwner(
            match.Groups["worker"].Value,
            match.Groups["machine"].Value,
            int.Parse(match.Groups["process"].ValueSpan, CultureInfo.InvariantCulture),
            match.Groups["incarnation"].Value)
        {
            Start = match.Groups["start"] is { Success: true } start ? start.Value : null,
        };
    }

    /// <summary>Whether nobody will go on with the run.</summary>
    /// <param name="self">The process that asks.</param>
    /// <param name="online">The workers of the pool that the server heard of lately.</param>
    public bool IsGone(RunOwner self, IReadOnlySet<string> online)
    {
        if (Incarnation == self.Incarnation) return false;
        if (Machine == self.Machine) return Process == self.Process || !ProcessStart.IsRunning(Process, Start);

        // A name belongs to one worker: in a new container it is our own from before.
        return Worker == self.Worker || !online.Contains(Worker);
    }

    public override string ToString() => $"Worker {Worker}, process {Process.ToString(CultureInfo.InvariantCulture)} on {Machine} ({Incarnation}{(Start is null ? "" : $"@{Start}")}).";

    [GeneratedRegex(@"^Worker (?<worker>.+), process (?<process>\d{1,9}) on (?<machine>\S+) \((?<incarnation>[0-9a-f]{12})(@(?<start>[0-9a-f.]+))?\)\.$", RegexOptions.CultureInvariant)]
    private static partial Regex Owner();
}
