using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Pipeline.Scheduling.Prefect.Wire;

namespace Pipeline.Scheduling.Prefect;

/// <summary>Sends a run's log lines to the server in batches, while the run goes on.</summary>
internal sealed class LogShipper
{
    private const int Most = 10_000;
    private const int BatchLines = 200;
    private const int LineLength = 20_000;

    private static readonly TimeSpan _linger = TimeSpan.FromMilliseconds(500);

    private readonly Channel<LogCreate> _lines = Channel.CreateBounded<LogCreate>(new BoundedChannelOptions(Most) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly PrefectApi _api;
    private readonly PrefectPatience _patience;
    private readonly TimeProvider _time;
    private readonly Guid _run;
    private readonly Task _shipping;

    /// <param name="cancellationToken">Ends it without the rest.</param>
    public LogShipper(PrefectApi api, PrefectPatience patience, TimeProvider time, Guid run, CancellationToken cancellationToken)
    {
        (_api, _patience, _time, _run) = (api, patience, time, run);
        _shipping = ShipAsync(cancellationToken);
    }

    /// <summary>Takes a line; never waits. While the server is away, what is more than 10,000 lines is left out.</summary>
    public void Add(string name, LogLevel level, string message) => _lines.Writer.TryWrite(new LogCreate(
        name, Level(level), message.Length > LineLength ? $"{message[..LineLength]}..." : message, _time.GetUtcNow(), _run));

    /// <summary>Returns when all lines are sent.</summary>
    public async Task CompleteAsync()
    {
        _lines.Writer.TryComplete();
        await _shipping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Python's number for a level.</summary>
    public static int Level(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => 10,
        LogLevel.Information => 20,
        LogLevel.Warning => 30,
        LogLevel.Error => 40,
        _ => 50,
    };

    private async Task ShipAsync(CancellationToken cancellationToken)
    {
        while (await _lines.Reader.WaitToReadAsync(cancellationToken))
        {
            // Lines come in bursts.
            if (!_lines.Reader.Completion.IsCompleted) await Task.WhenAny(Task.Delay(_linger, _time, cancellationToken), _lines.Reader.Completion);
            var batch = new List<LogCreate>();
            while (batch.Count < BatchLines && _lines.Reader.TryRead(out var line)) batch.Add(line);
            try
            {
                await _patience.UntilAnsweredAsync(token => _api.CreateLogsAsync(batch, token), cancellationToken);
            }
            catch (PrefectException)
            {
                // The server does not want these lines; standard error has them.
            }
        }
    }
}
