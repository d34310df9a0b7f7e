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

        var run = await AskAsync(database, retried, context.Time, cancellationToken);
        Console.WriteLine(RunText.Line(run));
        return run.Outcome is RunOutcome.Written or RunOutcome.Nothing ? ExitCode.Ok : throw new EnvironmentException($"Run {run.Id} ended as {RunText.Outcome(run)}: {run.Error}");
    }

    /// <summary>Has the program that schedules do it, and waits for the end.</summary>
    /// <exception cref="EnvironmentException">It does not take the request, or is gone with it.</exception>
    public static async Task<RunRecord> AskAsync(ScheduleDatabase database, RunRecord? retried, TimeProvider time, CancellationToken cancellationToken)
    {
        var control = new ScheduleControl(database, time);
        var history = new RunHistory(database);
        var (request, asked) = (control.Ask(retried?.Id), time.GetTimestamp());
        var held = asked;
        while (true)
        {
            var answer = control.Find(request);
            if (answer?.Run is { } id && history.Find(id) is { Finished: not null } run) return run;
            if (answer is null) throw new EnvironmentException($"The request is no longer in '{database.Path}', which was replaced; `pipeline runs` shows what became of it.");
            if (answer.Taken is null && time.GetElapsedTime(asked) > _patience && control.Withdraw(request))
            {
                throw new EnvironmentException($"The program that schedules from '{database.Path}' did not take the request within {Quantity.Format(_patience)}; it is taken back.");
            }

            // A program that starts again holds the lock again, and goes on with what was asked for.
            if (ProgramLock.IsHeld(database)) held = time.GetTimestamp();
            else if (answer.Taken is not null && time.GetElapsedTime(held) > _patience)
            {
                throw new EnvironmentException($"The program that schedules from '{database.Path}' took the request and is gone; `pipeline runs` shows what became of it. Start the program again, or ask again.");
            }

            await Task.Delay(_look, time, cancellationToken);
        }
    }
}
