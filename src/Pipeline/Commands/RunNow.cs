using Pipeline.Scheduling;

namespace Pipeline.Commands;

/// <summary>Has a run done at once: by the program that schedules, or here when there is none.</summary>
internal static class RunNow
{
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    /// <param name="retried">The run to repeat; null for a new one.</param>
    /// <exception cref="EnvironmentException">It failed.</exception>
    public static async Task<int> AsAskedAsync(VerbContext context, RunRecord? retried, CancellationToken cancellationToken)
    {
        var database = ScheduleFile.Find(context);
        if (database is null || !ProgramLock.IsHeld(database))
        {
            return await WriteCommand.OnceAsync(context, retried is null ? RunTrigger.Manual : RunTrigger.Retry, drain: false, retried, cancellationToken);
        }

        var run = await AskAsync(context, database, retried, cancellationToken);
        Console.WriteLine(RunText.Line(run));
        return run.Outcome is RunOutcome.Written or RunOutcome.Nothing ? ExitCode.Ok : throw new EnvironmentException($"Run {run.Id} ended as {RunText.Outcome(run)}: {run.Error}");
    }

    private static async Task<RunRecord> AskAsync(VerbContext context, ScheduleDatabase database, RunRecord? retried, CancellationToken cancellationToken)
    {
        var control = new ScheduleControl(database, context.Time);
        var history = new RunHistory(database);
        var (request, asked) = (control.Ask(retried?.Id), context.Time.GetTimestamp());
        while (true)
        {
            var answer = control.Find(request);
            if (answer?.Run is { } id && history.Find(id) is { Finished: not null } run) return run;
            if (answer?.Taken is null && context.Time.GetElapsedTime(asked) > _patience && control.Withdraw(request))
            {
                throw new EnvironmentException($"The program that schedules from '{database.Path}' did not take the request within {Quantity.Format(_patience)}; it is taken back.");
            }

            await Task.Delay(_look, context.Time, cancellationToken);
        }
    }
}
