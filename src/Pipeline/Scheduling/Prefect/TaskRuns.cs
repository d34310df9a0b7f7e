using System.Globalization;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Pipeline.Scheduling.Prefect.Wire;

namespace Pipeline.Scheduling.Prefect;

/// <summary>Shows each window of a run as a task run: running while it is read and encoded, completed when it is in the lake.</summary>
internal sealed class TaskRuns : IRunProgress
{
    private const string TaskKey = "write-window";

    private readonly Channel<Func<CancellationToken, Task>> _steps = Channel.CreateUnbounded<Func<CancellationToken, Task>>(new() { SingleReader = true });
    private readonly Dictionary<DateTimeOffset, Guid> _open = [];
    private readonly PrefectApi _api;
    private readonly PrefectPatience _patience;
    private readonly Guid _run;
    private readonly int _attempt;
    private readonly ILogger _logger;
    private readonly Task _sending;

    /// <param name="cancellationToken">Ends it without the rest.</param>
    public TaskRuns(PrefectApi api, PrefectPatience patience, Guid run, int attempt, ILogger<TaskRuns> logger, CancellationToken cancellationToken)
    {
        (_api, _patience, _run, _attempt, _logger) = (api, patience, run, attempt, logger);
        _sending = SendAsync(cancellationToken);
    }

    public void WindowStarted(DateTimeOffset start, DateTimeOffset end) => _steps.Writer.TryWrite(token => StartAsync(start, end, token));

    public void WindowWritten(WindowReport window) => _steps.Writer.TryWrite(token => EndAsync(
        window.Start, new StateCreate(StateTypes.Completed, Message: window.Files == 0 ? "No event in it." : RunSummary.Line([window], window.Duration)), token));

    /// <summary>Ends the task runs of windows that were not written, and returns when the server knows of all.</summary>
    public async Task CompleteAsync(RunReport report)
    {
        _steps.Writer.TryWrite(async token =>
        {
            // A window that another writer was quicker with, or that the run had to leave.
            var end = report.Succeeded ? new StateCreate(StateTypes.Completed, Message: "Another writer wrote it.")
                : report.Outcome == RunOutcome.Cancelled ? new StateCreate(StateTypes.Cancelled, Message: "The run was stopped.")
                : new StateCreate(StateTypes.Failed, Message: report.Error);
            foreach (var start in _open.Keys.ToArray()) await EndAsync(start, end, token);
        });
        _steps.Writer.TryComplete();
        await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        await foreach (var step in _steps.Reader.ReadAllAsync(cancellationToken))
        {
            try
            {
                await step(cancellationToken);
            }
            catch (PrefectException e)
            {
                // The lake is what counts; the server has the run, its logs and its summary.
                _logger.LogWarning("A window could not be shown as a task run: {Error}", e.Message);
            }
        }
    }

    private async Task StartAsync(DateTimeOffset start, DateTimeOffset end, CancellationToken cancellationToken)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"window {start:yyyy-MM-dd HH:mm:ss} to {end:HH:mm:ss}");
        var key = string.Create(CultureInfo.InvariantCulture, $"{start:yyyyMMdd'T'HHmmss'Z'}-{_attempt}");
        var task = await _patience.UntilAnsweredAsync(
            token => _api.CreateTaskRunAsync(new TaskRunCreate(name, _run, TaskKey, key, ["window"]), token), cancellationToken);
        _open[start] = task.Id;
        await SetAsync(task.Id, new StateCreate(StateTypes.Running), cancellationToken);
    }

    private async Task EndAsync(DateTimeOffset start, StateCreate state, CancellationToken cancellationToken)
    {
        if (_open.Remove(start, out var task)) await SetAsync(task, state, cancellationToken);
    }

    private Task<StateAnswer> SetAsync(Guid task, StateCreate state, CancellationToken cancellationToken) =>
        _patience.UntilAnsweredAsync(token => _api.SetTaskRunStateAsync(task, state, token), cancellationToken);
}
