using System.CommandLine;
using Pipeline.Scheduling;

namespace Pipeline.Commands;

/// <summary><c>pipeline runs</c>: what became of the runs of a schedule.</summary>
internal static class RunsCommand
{
    private static readonly TimeSpan _look = TimeSpan.FromSeconds(1);

    private static readonly Option<int> _count = new("--count", "-n") { Description = "How many runs, the newest. [default: 20]", DefaultValueFactory = _ => 20 };
    private static readonly Option<bool> _failed = new("--failed") { Description = "Only runs that failed, were stopped at their limit, or crashed." };
    private static readonly Option<bool> _json = new("--json") { Description = "Print a JSON object a run, one a line, the oldest first (docs/scheduling.md)." };
    private static readonly Option<bool> _follow = new("--follow", "-f") { Description = "Go on, and print each run as it ends." };
    private static readonly Argument<string> _run = new("run") { Description = "The run's id, or the beginning of it." };

    public static Command Create()
    {
        var command = Verb.Create(
            "runs",
            "Show the runs that wrote the lake, scheduled and others: when, how long, which windows, how many rows, what went wrong.",
            "pipeline runs --lake /data/bluesky\npipeline runs --failed\npipeline runs --json -n 1000 | jq .outcome\npipeline runs retry k3f9",
            ScheduleFile.Settings,
            ListAsync);
        foreach (var option in new Option[] { _count, _failed, _json, _follow }) command.Options.Add(option);
        var retry = Verb.Create(
            "retry",
            "Have a run done again, now: by the program that schedules, or here when there is none. It writes whatever is closed and not yet in the lake.",
            "pipeline runs retry k3f9qz2a",
            [.. Settings.OfRedis, .. Settings.OfLake, .. Settings.OfSchedule],
            RetryAsync);
        retry.Arguments.Add(_run);
        command.Subcommands.Add(retry);
        return command;
    }

    private static async Task<int> ListAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var count = context.Arguments.GetValue(_count);
        if (count < 1) throw new UsageException($"--count is {count}; use 1 or more.");
        var (json, follow) = (context.Arguments.GetValue(_json), context.Arguments.GetValue(_follow));
        var query = new RunQuery(count, context.Arguments.GetValue(_failed));
        var history = ScheduleFile.FindToRead(context) is { } database ? new RunHistory(database) : null;
        var runs = history?.Read(query) ?? [];
        if (json) foreach (var run in runs.Reverse().Where(r => !follow || r.Finished is not null)) ScheduleJson.Print(run);
        else if (follow && runs.Count > 0) foreach (var run in runs.Reverse().Where(r => r.Finished is not null)) Console.WriteLine(RunText.Line(run));
        else if (runs.Count > 0) RunsTable.Print(runs);
        else Console.WriteLine(history is null ? $"No run is recorded: there is no '{ScheduleFile.PathOf(context)}' (--lake, --schedule-db)." : "No such run is recorded.");
        if (follow) await FollowAsync(context, runs, query.Failed, cancellationToken);
        return ExitCode.Ok;
    }

    private static async Task FollowAsync(VerbContext context, IReadOnlyList<RunRecord> shown, bool failed, CancellationToken cancellationToken)
    {
        var seen = shown.Where(r => r.Finished is not null).Select(r => r.Id).ToHashSet(StringComparer.Ordinal);
        var since = shown.Count > 0 ? shown.Min(r => r.Started) : context.Time.GetUtcNow();
        while (true)
        {
            await Task.Delay(_look, context.Time, cancellationToken);
            if (ScheduleFile.FindToRead(context) is not { } database) continue;
            var runs = new RunHistory(database).Since(since);
            foreach (var run in runs.Where(r => r.Finished is not null && (!failed || r.HasFailed) && seen.Add(r.Id)))
            {
                if (context.Arguments.GetValue(_json)) ScheduleJson.Print(run);
                else Console.WriteLine(RunText.Line(run));
            }

            // What is over need not be read again; runs of several programs may end in another order than they began in.
            if (runs.Count > 0) since = runs.Where(r => r.Finished is null).Select(r => r.Started).DefaultIfEmpty(runs[^1].Started).Min();
        }
    }

    private static async Task<int> RetryAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var id = context.Arguments.GetRequiredValue(_run);
        var run = (ScheduleFile.Find(context) is { } database ? new RunHistory(database).Find(id) : null)
            ?? throw new UsageException($"No run, or more than one, has an id that begins with '{id}'; `pipeline runs` shows them.");
        return await RunNow.AsAskedAsync(context, run, cancellationToken);
    }
}
