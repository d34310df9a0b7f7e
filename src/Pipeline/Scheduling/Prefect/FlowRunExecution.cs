using Microsoft.Extensions.Logging;
using Pipeline.Scheduling.Prefect.Wire;

namespace Pipeline.Scheduling.Prefect;

/// <summary>Takes one flow run through its states, and has the windows written in between.</summary>
internal sealed class FlowRunExecution(
    PrefectApi api, PrefectPatience patience, FlowRunStates states, FlowRunClaim claim, PrefectLogs logs, PrefectOptions options, IWindowRun windowRun, TimeProvider time, ILoggerFactory loggers)
{
    private const string ArtifactKey = "datawriter-run";

    private readonly ILogger _logger = loggers.CreateLogger<FlowRunExecution>();

    /// <summary>Runs it, if it is ours to run.</summary>
    /// <returns>When this worker is to try it again; null when it is done with.</returns>
    /// <exception cref="Exception">The program is broken, or Redis refuses its user; the server knows.</exception>
    public async Task<DateTimeOffset?> RunAsync(Guid id, CancellationToken cancellationToken)
    {
        if (await claim.ReadAsync(id, cancellationToken) is not { StateType: StateTypes.Scheduled } run) return null;
        if (await claim.TakeAsync(run, cancellationToken) is not { } pending) return time.GetUtcNow() + options.Poll;
        var parameters = RunParameters.Parse(run.Parameters, RunParameters.Default(options.Every));
        await claim.SetPolicyAsync(run, parameters, cancellationToken);
        if (await claim.BeginAsync(run, pending, cancellationToken) is not { } running) return null;

        while (true)
        {
            var (report, stop) = await WriteAsync(run, parameters, running, cancellationToken);
            if (stop != RunStop.Paused) return await FinishAsync(run, running, report, stop, cancellationToken);
            if (await ResumedAsync(run, cancellationToken) is not { } resumed) return null;
            running = resumed;
        }
    }

    private async Task<(RunReport Report, RunStop Stop)> WriteAsync(FlowRun run, RunParameters parameters, State running, CancellationToken cancellationToken)
    {
        // What is left to tell at a stop has a moment; without a stop it has as long as it takes.
        using var reporting = new CancellationTokenSource();
        await using var registration = cancellationToken.Register(() => reporting.CancelAfter(options.Goodbye));
        await using var watch = new RunWatch(api, patience, options, time, run.Id, running.StateDetails?.DeploymentConcurrencyLeaseId, cancellationToken);
        var attempt = run.RunCount + 1;
        var lines = new LogShipper(api, patience, time, run.Id, reporting.Token);
        var tasks = new TaskRuns(api, patience, run.Id, attempt, loggers.CreateLogger<TaskRuns>(), reporting.Token);
        logs.Follow(lines);
        try
        {
            _logger.LogInformation("Flow run {Run} begins, attempt {Attempt}.", run.Name, attempt);
            var request = new RunRequest(run.Id.ToString(), RunTrigger.Prefect, run.ExpectedStartTime ?? time.GetUtcNow(), attempt, parameters.Drain)
            {
                Limit = parameters.Timeout > TimeSpan.Zero ? parameters.Timeout : null,
                Progress = tasks,
            };
            var report = await windowRun.RunAsync(request, watch.Stop);
            Log(run, report);
            await tasks.CompleteAsync(report);
            await ShowAsync(run, report, attempt, reporting.Token);
            return (report, report.Outcome == RunOutcome.Cancelled || watch.Reason == RunStop.TakenAway ? watch.Reason : RunStop.None);
        }
        catch (Exception e)
        {
            _logger.LogError("Flow run {Run} broke: {Error}", run.Name, e.Message);
            await CrashAsync(run, running, e);
            throw;
        }
        finally
        {
            logs.Follow(null);
            await lines.CompleteAsync();
        }
    }

    private async Task<DateTimeOffset?> FinishAsync(FlowRun run, State running, RunReport report, RunStop stop, CancellationToken cancellationToken)
    {
        if (stop == RunStop.TakenAway) return null;
        using var closing = new CancellationTokenSource();
        await using var registration = cancellationToken.Register(() => closing.CancelAfter(options.Goodbye));
        var state = Ending(report, stop);
        StateAnswer? answer;
        try
        {
            answer = await states.ProposeAsync(run.Id, running, state, closing.Token);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _logger.LogWarning("Prefect did not hear how flow run {Run} ended; the next worker runs it again, and finds what is written.", run.Name);
            return null;
        }

        if (answer is not { Status: AnswerStatus.Reject or AnswerStatus.Abort, State: { } now }) return null;
        _logger.LogInformation("Flow run {Run} is {State}: {Reason}", run.Name, State.Describe(now), answer.Details?.Reason);
        switch (now.Type)
        {
            case StateTypes.Scheduled:
                return now.StateDetails?.ScheduledTime ?? time.GetUtcNow();
            case StateTypes.Cancelling:
                await states.ProposeAsync(run.Id, now, new StateCreate(StateTypes.Cancelled, Message: "Cancelled as it ended."), closing.Token);
                return null;
            default:
                return null;
        }
    }

    private StateCreate Ending(RunReport report, RunStop stop) => (report.Outcome, stop) switch
    {
        (RunOutcome.Written or RunOutcome.Nothing, _) => new StateCreate(StateTypes.Completed, Message: RunSummary.Line(report.Windows, report.Duration)),
        (RunOutcome.Busy, _) => new StateCreate(StateTypes.Completed, "Skipped", $"{report.Error} It was left the work."),
        (RunOutcome.TimedOut, _) => new StateCreate(StateTypes.Failed, "TimedOut", report.Error),
        (RunOutcome.Cancelled, RunStop.Cancelled) => new StateCreate(StateTypes.Cancelled, Message: "Cancelled on the server. What is not committed is still in the log."),
        (RunOutcome.Cancelled, _) => new StateCreate(StateTypes.Scheduled, "Rescheduled", "The worker was stopped; the next one takes it.")
        {
            StateDetails = new StateDetails(ScheduledTime: time.GetUtcNow()),
        },
        _ => new StateCreate(StateTypes.Failed, Message: report.Error),
    };

    /// <summary>Waits while the run is paused; null when it does not go on here.</summary>
    private async Task<State?> ResumedAsync(FlowRun run, CancellationToken cancellationToken)
    {
        _logger.LogInformation("Flow run {Run} is paused.", run.Name);
        while (true)
        {
            await Task.Delay(options.Poll, time, cancellationToken);
            var now = (await claim.ReadAsync(run.Id, cancellationToken))?.State;
            if (now?.Type == StateTypes.Paused) continue;
            return now?.Type == StateTypes.Running ? now : await claim.LetGoAsync(run, now, cancellationToken);
        }
    }

    private void Log(FlowRun run, RunReport report)
    {
        if (report.Succeeded) _logger.LogInformation("Flow run {Run}: {Summary}", run.Name, RunSummary.Line(report.Windows, report.Duration));
        else _logger.Log(report.Outcome == RunOutcome.Failed ? LogLevel.Error : LogLevel.Warning, "Flow run {Run}: {Outcome}. {Error}", run.Name, report.Outcome, report.Error);
    }

    private async Task ShowAsync(FlowRun run, RunReport report, int attempt, CancellationToken cancellationToken)
    {
        try
        {
            var page = RunSummary.Markdown(report, run.ExpectedStartTime, attempt);
            var artifact = new ArtifactCreate(ArtifactKey, "markdown", "What the run wrote.", page, run.Id);
            await patience.UntilAnsweredAsync(token => api.CreateArtifactAsync(artifact, token), cancellationToken);
        }
        catch (Exception e) when (e is PrefectException or OperationCanceledException)
        {
            _logger.LogWarning("The summary of flow run {Run} was not stored: {Error}", run.Name, e.Message);
        }
    }

    private async Task CrashAsync(FlowRun run, State running, Exception error)
    {
        using var moment = new CancellationTokenSource(options.Goodbye);
        try
        {
            await states.ProposeAsync(run.Id, running, new StateCreate(StateTypes.Crashed, Message: error.Message.ReplaceLineEndings(" ")), moment.Token);
        }
        catch (Exception e) when (e is PrefectException or OperationCanceledException)
        {
            _logger.LogWarning("Prefect did not hear of it: {Error}", e.Message);
        }
    }
}
