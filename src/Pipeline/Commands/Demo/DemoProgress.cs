using System.Globalization;
using Spectre.Console;

namespace Pipeline.Commands.Demo;

/// <summary>Shows a run while it goes on: bars in a terminal, a line every two seconds elsewhere.</summary>
internal sealed class DemoProgress : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _task;

    private DemoProgress(DemoRun run, long? total, TimeProvider time) => _task = AnsiConsole.Profile.Capabilities.Interactive
        ? ShowBarsAsync(run, total, time)
        : PrintLinesAsync(run, time);

    public static DemoProgress Start(DemoRun run, long? total, TimeProvider time) => new(run, total, time);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _task;
        _stop.Dispose();
    }

    private static double Share(DemoRun run) => run.Memory.Max == 0 ? 0 : (double)run.Memory.Now / run.Memory.Max;

    private Task ShowBarsAsync(DemoRun run, long? total, TimeProvider time) => AnsiConsole.Progress()
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new ElapsedTimeColumn())
        .StartAsync(async bars =>
        {
            var appended = bars.AddTask("source to log", maxValue: total ?? double.NaN);
            var written = bars.AddTask("log to lake", maxValue: total ?? double.NaN);
            var memory = bars.AddTask("Redis memory", maxValue: 1);
            if (total is null) appended.IsIndeterminate = written.IsIndeterminate = true;
            do
            {
                appended.Value = run.Ingested.Received;
                appended.Description = string.Create(CultureInfo.InvariantCulture, $"source to log  {run.Ingested.Received,12:N0} events ");
                written.Value = run.Written.Rows + run.Ingested.Skipped + run.Ingested.Duplicates;
                written.Description = string.Create(CultureInfo.InvariantCulture, $"log to lake    {run.Written.Rows,12:N0} rows   ");
                memory.Value = Share(run);
                memory.Description = string.Create(CultureInfo.InvariantCulture, $"Redis memory   {Quantity.FormatBytes(run.Memory.Now),12}        ");
                await Task.Delay(TimeSpan.FromMilliseconds(100), time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            while (!_stop.IsCancellationRequested);
            (appended.Value, written.Value) = (appended.MaxValue, written.MaxValue);
        });

    private async Task PrintLinesAsync(DemoRun run, TimeProvider time)
    {
        while (!_stop.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromSeconds(2), time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"source to log {run.Ingested.Received:N0} events, log to lake {run.Written.Rows:N0} rows, Redis memory {Quantity.FormatBytes(run.Memory.Now)}"));
        }
    }
}
