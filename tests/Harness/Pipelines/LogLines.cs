using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Pipeline.Tests.Harness.Pipelines;

/// <summary>What the product logged, warnings and worse unless told otherwise, to wait for and to show when a test fails.</summary>
public sealed class LogLines(LogLevel least = LogLevel.Warning) : ILoggerFactory
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyList<string> All => [.. _lines];

    /// <summary>The last lines; what was said again and again is there once.</summary>
    public IReadOnlyList<string> Last(int lines) =>
        [.. _lines.DistinctBy(l => l.Split(' ', 2)[1] is var text && text.Length > 80 ? text[..80] : text).TakeLast(lines)];

    public int Count(string containing) => _lines.Count(l => l.Contains(containing, StringComparison.Ordinal));

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName.Split('.')[^1], least, _lines);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    private sealed class Logger(string category, LogLevel least, ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= least;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) lines.Enqueue($"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {category}: {formatter(state, exception)}");
        }
    }
}
