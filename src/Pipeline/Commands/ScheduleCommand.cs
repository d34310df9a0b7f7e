using System.CommandLine;
using Pipeline.Scheduling;

namespace Pipeline.Commands;

/// <summary><c>pipeline schedule</c>: shows and steers when windows are written. Works while the program runs, and while it does not.</summary>
internal static class ScheduleCommand
{
    private const string TakeBack = "default";

    private static readonly Option<bool> _json = new("--json") { Description = "Print one JSON object (docs/scheduling.md)." };
    private static readonly Option<string?> _reason = new("--reason") { Description = "Why, for those who see it paused.", HelpName = "text" };
    private static readonly Argument<string> _text = new("schedule") { Description = $"What --schedule takes, or '{TakeBack}' for the program's own setting again." };

    public static Command Create()
    {
        var command = Verb.Create("schedule", "Show when windows are written, and change it.", "pipeline schedule --lake /data/bluesky", ScheduleFile.Settings, ShowAsync);
        command.Options.Add(_json);
        var show = Verb.Create("show", "Show the schedule.", "pipeline schedule show --json", ScheduleFile.Settings, ShowAsync);
        show.Options.Add(_json);
        command.Subcommands.Add(show);
        var pause = Verb.Create(
            "pause", "Have no run become due until `resume`. A run that is at it ends; the log keeps everything.", "pipeline schedule pause --reason 'disk exchange'", ScheduleFile.Settings, PauseAsync);
        pause.Options.Add(_reason);
        command.Subcommands.Add(pause);
        command.Subcommands.Add(Verb.Create("resume", "Let runs become due again: the first one takes everything that has closed meanwhile.", "pipeline schedule resume", ScheduleFile.Settings, ResumeAsync));
        var change = Verb.Create(
            "change", "Put another schedule in the place of the program's setting, until it is taken back.", "pipeline schedule change '*/15 * * * *'\npipeline schedule change default", ScheduleFile.Settings, ChangeAsync);
        change.Arguments.Add(_text);
        command.Subcommands.Add(change);
        command.Subcommands.Add(Verb.Create(
            "trigger",
            "Have a run done now: by the program that schedules, or here when there is none.",
            "pipeline schedule trigger",
            [.. Settings.OfRedis, .. Settings.OfLake, .. Settings.OfSchedule],
            (context, cancellationToken) => RunNow.AsAskedAsync(context, retried: null, cancellationToken)));
        return command;
    }

    private static Task<int> ShowAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var document = Document(context, ScheduleFile.FindToRead(context) ?? ScheduleFile.Open(context));
        if (context.Arguments.GetValue(_json)) ScheduleJson.Print(document);
        else Print(context, document);
        return Task.FromResult(ExitCode.Ok);
    }

    private static Task<int> PauseAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var database = ScheduleFile.Open(context);
        new ScheduleControl(database, context.Time).Pause(context.Arguments.GetValue(_reason));
        return Done(context, database);
    }

    private static Task<int> ResumeAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var database = ScheduleFile.Open(context);
        new ScheduleControl(database, context.Time).Resume();
        return Done(context, database);
    }

    private static Task<int> ChangeAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var text = context.Arguments.GetRequiredValue(_text);
        var database = ScheduleFile.Open(context);
        var control = new ScheduleControl(database, context.Time);
        var problem = "";
        var schedule = text == TakeBack ? null : Schedule.TryParse(text, control.Read().Window ?? Configuration.Lake(context.Settings).Window, out problem)
            ?? throw new UsageException($"'{text}' is no schedule; {problem}, or '{TakeBack}'.");
        control.Change(schedule);
        return Done(context, database);
    }

    private static Task<int> Done(VerbContext context, ScheduleDatabase database)
    {
        Print(context, Document(context, database));
        return Task.FromResult(ExitCode.Ok);
    }

    private static ScheduleDocument Document(VerbContext context, ScheduleDatabase database)
    {
        var state = new ScheduleControl(database, context.Time).Read();
        var window = state.Window ?? Configuration.Lake(context.Settings).Window;
        var schedule = Schedule.TryParse(state.Text ?? Schedule.EveryWindow, window, out _) ?? Schedule.Every(window);
        var last = new RunHistory(database).Read(new RunQuery(1)) is [var run] ? RunDocument.Of(run) : null;
        return new ScheduleDocument(
            schedule.Text,
            schedule.Cron,
            state.Setting,
            state.Window?.TotalSeconds,
            state.Changed,
            state.Paused,
            state.PauseReason,
            state.Paused is null ? schedule.Next(context.Time.GetUtcNow()) : null,
            ProgramLock.IsHeld(database),
            state.Program is { } program ? ScheduleFile.Program(program) : null,
            last,
            database.Path);
    }

    private static void Print(VerbContext context, ScheduleDocument schedule)
    {
        var text = schedule.Cron is { } cron && cron != schedule.Schedule ? $"{schedule.Schedule} ({cron}, UTC)" : $"{schedule.Schedule} (UTC)";
        if (schedule.Changed is { } changed) text += $", changed {RunText.Time(changed)}; the program's setting is {schedule.Setting ?? Schedule.EveryWindow}";
        Console.WriteLine($"schedule  {text}");
        if (schedule.WindowSeconds is { } window) Console.WriteLine($"window    {Quantity.Format(TimeSpan.FromSeconds(window))}");
        if (schedule.Paused is { } paused) Console.WriteLine($"state     paused since {RunText.Time(paused)}{(schedule.PauseReason is { } reason ? $": {reason}" : "")}");
        else Console.WriteLine(schedule.IsScheduling ? "state     active" : "state     no program schedules from this database");
        if (schedule.Next is { } next && schedule.IsScheduling)
        {
            Console.WriteLine($"next run  {RunText.Time(next)}, in {Quantity.Format(TimeSpan.FromSeconds(Math.Max(1, Math.Round((next - context.Time.GetUtcNow()).TotalSeconds))))}");
        }

        if (schedule.LastRun is { } run) Console.WriteLine($"last run  {run.Id}, {RunText.Time(run.Scheduled)}: {run.Outcome ?? "running"}{(run.Error is { } error ? $", {error}" : "")}");
        if (schedule.Program is { } program) Console.WriteLine($"program   {program}{(schedule.IsScheduling ? "" : ", the last one")}");
        Console.WriteLine($"database  {schedule.Database}");
    }
}
