using System.Globalization;
using Microsoft.Extensions.Logging;
using Pipeline.Archiving;
using Pipeline.Buffering;

namespace Pipeline.Commands;

/// <summary>Says every few seconds how things stand, for a program that otherwise has nothing to say.</summary>
internal sealed class StatusLine : IDisposable
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(10);

    private readonly ITimer _timer;

    private StatusLine(ITimer timer) => _timer = timer;

    public static StatusLine Start(VerbContext context, Func<string> status)
    {
        var logger = context.Loggers.CreateLogger("Pipeline.Status");
        return new StatusLine(context.Time.CreateTimer(_ => logger.LogInformation("{Status}", status()), null, _interval, _interval));
    }

    public static string Ingest(IngestStats stats) => string.Create(
        CultureInfo.InvariantCulture,
        $"received {stats.Received:N0}, in the log {stats.Acknowledged:N0}, skipped {stats.Skipped:N0}, repeated {stats.Duplicates:N0}, rejected {stats.Rejected:N0}{At(stats)}");

    public static string Write(WriteStats stats) => string.Create(
        CultureInfo.InvariantCulture,
        $"written {stats.Windows:N0} windows, {stats.Rows:N0} rows, {stats.Files:N0} files, {Quantity.FormatBytes(stats.Bytes)}");

    public void Dispose() => _timer.Dispose();

    private static string At(IngestStats stats) => stats.LastTimeUs == 0
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $", at {DateTimeOffset.FromUnixTimeMilliseconds(stats.LastTimeUs / 1000):yyyy-MM-dd HH:mm:ss}Z");
}
