using Microsoft.Extensions.Logging;

namespace Pipeline.Scheduling.Prefect;

/// <summary>A logger beside the others, whose lines go to the flow run that is going on.</summary>
internal sealed class PrefectLogs : ILoggerProvider
{
    // What is said of the connection to the server would only make more to send.
    private static readonly string _connection = typeof(PrefectPatience).FullName!;

    private volatile LogShipper? _shipper;

    /// <summary>Sends lines there from now on; null for nowhere.</summary>
    public void Follow(LogShipper? shipper) => _shipper = shipper;

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose() => _shipper = null;

    private sealed class Logger(PrefectLogs logs, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information && logs._shipper is not null && category != _connection;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) logs._shipper?.Add(category, logLevel, formatter(state, exception));
        }
    }
}
