using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using StackExchange.Redis;

namespace Pipeline.Commands.Demo;

/// <summary>
/// A Redis of the demo's own, with the settings that the pipeline is run with: a child process of <c>redis-server</c>, or else a
/// container.
/// </summary>
internal sealed class PrivateRedis : IAsyncDisposable
{
    private static readonly TimeSpan _startWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _quiet = TimeSpan.FromSeconds(5);

    private readonly IRedisServer _server;

    private PrivateRedis(IRedisServer server, int port) => (_server, Port) = (server, port);

    public int Port { get; }

    public string Address => $"127.0.0.1:{Port}";

    /// <summary>How it runs, for people.</summary>
    public string Description => _server.Description;

    /// <exception cref="EnvironmentException">Neither redis-server nor Docker is there, or it does not start.</exception>
    /// <param name="outlives">True when it may be asked to go on without us (<see cref="KeepAsync"/>).</param>
    public static async Task<PrivateRedis> StartAsync(bool outlives, CancellationToken cancellationToken)
    {
        var (config, port) = (await ReadConfigAsync(), FreePort());
        IRedisServer server = RedisProcess.Start(config, port, outlives) is { } process ? process : await RedisContainer.StartAsync(config, port, cancellationToken);
        var redis = new PrivateRedis(server, port);
        try
        {
            await redis.WaitAsync(cancellationToken);
            return redis;
        }
        catch
        {
            await redis.DisposeAsync();
            throw;
        }
    }

    /// <summary>Leaves it running; returns the command that ends it.</summary>
    public Task<string> KeepAsync() => _server.KeepAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static async Task<string> ReadConfigAsync()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("redis.conf")!);
        return await reader.ReadToEndAsync();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var isSaid = false;
        while (true)
        {
            if (_server.HasEnded) throw new EnvironmentException($"The demo's Redis ({Description}) ended at once with {(await _server.LastWordsAsync()).Trim()}");
            try
            {
                await using var probe = await ConnectionMultiplexer.ConnectAsync($"{Address},connectTimeout=1000");
                await probe.GetDatabase().PingAsync();
                return;
            }
            catch (RedisException) when (Stopwatch.GetElapsedTime(started) < _startWithin)
            {
                if (!isSaid && Stopwatch.GetElapsedTime(started) > _quiet)
                {
                    Console.WriteLine($"Waiting for Redis ({Description}) to answer, {_startWithin.TotalSeconds:0} s at most.");
                    isSaid = true;
                }

                await Task.Delay(100, cancellationToken);
            }
            catch (RedisException e)
            {
                throw new EnvironmentException($"The demo's Redis ({Description}) does not answer on {Address} within {_startWithin.TotalSeconds:0} s.", e);
            }
        }
    }
}
