using System.Net;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Pipeline.Archiving;
using Pipeline.Buffering;
using Pipeline.Monitoring;
using Pipeline.Monitoring.Health;
using Pipeline.Scheduling;
using Pipeline.Sources;

namespace Pipeline.Commands;

/// <summary>Puts metrics, health, the look at Redis and the server together, the same way for every verb. Without <c>--listen</c> it does nothing.</summary>
internal sealed class ProgramMonitor : IAsyncDisposable
{
    private readonly VerbContext _context;
    private readonly IPEndPoint? _address;
    private readonly BufferMonitor? _buffer;
    private IngestStats? _ingesting;
    private LakeMonitor? _lake;
    private MonitoringServer? _server;

    public ProgramMonitor(VerbContext context, string verb, IPEndPoint? address, RedisConnection redis, LogOptions log)
    {
        (_context, _address) = (context, address);
        Metrics = new MetricsRegistry(verb);
        Health = new HealthCheck(context.Time);
        if (address is null) return;
        _buffer = BufferMonitor.Start(redis.Database, redis.Logs(log), context.Time, context.Loggers.CreateLogger<BufferMonitor>());
        BufferMetrics.Register(Metrics, _buffer);
    }

    /// <summary>The look at Redis; null without <c>--listen</c>.</summary>
    public BufferMonitor? Buffer => _buffer;

    public MetricsRegistry Metrics { get; }

    public HealthCheck Health { get; }

    /// <summary>Watches what reads the source into the log.</summary>
    public ProgramMonitor Watch(IEventSource source, IngestStats stats)
    {
        if (_buffer is null) return this;
        SourceMetrics.Register(Metrics, source, stats, _context.Time);
        AppendMetrics.Register(Metrics, stats);
        _ingesting = stats;
        Health.Add(new SourceHealth(source, stats, _context.Time).Look);
        return this;
    }

    /// <summary>Watches what writes the lake, and what says when.</summary>
    public ProgramMonitor Watch(LakeOptions options, WriteStats stats, WriterRuns runs, ScheduleStats schedule, ScheduleOptions scheduleOptions)
    {
        if (_buffer is not null) ScheduleMetrics.Register(Metrics, schedule, scheduleOptions);
        return Watch(options, stats, runs, schedule);
    }

    /// <summary>Watches what writes the lake; of the schedule, which may be another program's, only how far apart the runs are.</summary>
    public ProgramMonitor Watch(LakeOptions options, WriteStats stats, WriterRuns runs, ScheduleStats schedule)
    {
        if (_buffer is null) return this;
        _lake = new LakeMonitor(options.Path, _context.Time);
        WriterMetrics.Register(Metrics, options, stats, runs, _buffer);
        ScheduleMetrics.RegisterInterval(Metrics, schedule);
        LakeMetrics.Register(Metrics, _lake);
        Health.Add(new WriterHealth(options, runs, schedule, _context.Time).Look);
        Health.Add(new LakeHealth(_lake).Look);
        return this;
    }

    /// <summary>Starts to answer.</summary>
    /// <exception cref="EnvironmentException">The address cannot be had.</exception>
    public async Task StartAsync(Action<IEndpointRouteBuilder>? endpoints, CancellationToken cancellationToken)
    {
        if (_address is null || _buffer is null) return;
        Health.Add(new BufferHealth(_buffer, _ingesting).Look);
        try
        {
            _server = await MonitoringServer.StartAsync(_address, Metrics, Health, endpoints, _context.Loggers, cancellationToken);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            throw new EnvironmentException(
                $"Cannot listen on {_address}: {e.InnerException?.Message ?? e.Message}. Another pipeline there? Choose a port with --listen (or {Settings.Listen.Variable}), or none.", e);
        }

        var logger = _context.Loggers.CreateLogger<ProgramMonitor>();
        logger.LogInformation("Metrics at {Address}metrics, health at {Address}readyz.", _server.Address, _server.Address);
        if (endpoints is not null) logger.LogInformation("Status page at {Address}", _server.Address);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _lake?.Dispose();
        if (_buffer is not null) await _buffer.DisposeAsync();
    }
}
