using System.Net;
using System.Net.Sockets;

namespace Pipeline.Tests.Harness;

/// <summary>A network between a client and a server that can be cut and slowed down.</summary>
public sealed class FaultyLink : IAsyncDisposable
{
    private const int ChunkBytes = 16 * 1024;

    // An append is kilobytes, everything else that a client asks is not.
    private const int AppendBytes = 2_000;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly (string Host, int Port) _server;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly List<Connection> _connections = [];
    private readonly Task _accepting;
    private long _forwarded;
    private long _bytesPerSecond;
    private int _repliesToLose;
    private int _repliesLost;

    private FaultyLink(string host, int port)
    {
        _server = (host, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Address => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Bytes passed on so far, both ways.</summary>
    public long Forwarded => Volatile.Read(ref _forwarded);

    /// <summary>Requests that reached the server and whose answers did not come back.</summary>
    public int RepliesLost => Volatile.Read(ref _repliesLost);

    public static FaultyLink To(string host, int port) => new(host, port);

    /// <summary>Resets every connection. Returns how many there were.</summary>
    public int Cut()
    {
        Connection[] open;
        lock (_lock) open = [.. _connections];
        foreach (var connection in open) connection.Reset();
        return open.Length;
    }

    /// <summary>Lets the next append through to the server, and resets the connection instead of bringing the answer.</summary>
    public void LoseNextReply() => Interlocked.Increment(ref _repliesToLose);

    /// <summary>Bytes per second and direction of each connection; 0 = no limit.</summary>
    public void Throttle(long bytesPerSecond) => Volatile.Write(ref _bytesPerSecond, bytesPerSecond);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        Cut();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var client = await _listener.AcceptSocketAsync(_stop.Token);
            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using var connection = new Connection(client, server);
        try
        {
            await server.ConnectAsync(_server.Host, _server.Port, _stop.Token);
            client.NoDelay = server.NoDelay = true;
            lock (_lock) _connections.Add(connection);
            await Task.WhenAny(PumpAsync(connection, client, server, toServer: true), PumpAsync(connection, server, client, toServer: false));
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The server is down: the client sees its connection reset.
        }
        finally
        {
            lock (_lock) _connections.Remove(connection);
            connection.Reset();
        }
    }

    private async Task PumpAsync(Connection connection, Socket from, Socket to, bool toServer)
    {
        var buffer = new byte[ChunkBytes];
        try
        {
            int count;
            while ((count = await from.ReceiveAsync(buffer, _stop.Token)) > 0)
            {
                if (Volatile.Read(ref _bytesPerSecond) is > 0 and var rate) await Task.Delay(TimeSpan.FromSeconds((double)count / rate), _stop.Token);
                if (toServer && count >= AppendBytes && TryTake(ref _repliesToLose)) connection.LosesReply = true;
                if (!toServer && connection.LosesReply)
                {
                    Interlocked.Increment(ref _repliesLost);
                    connection.Reset();
                    return;
                }

                for (var sent = 0; sent < count;) sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), _stop.Token);
                Interlocked.Add(ref _forwarded, count);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One end is gone; the other one goes with it.
        }
    }

    private static bool TryTake(ref int count)
    {
        if (Interlocked.Decrement(ref count) >= 0) return true;
        Interlocked.Increment(ref count);
        return false;
    }

    private sealed class Connection(Socket client, Socket server) : IDisposable
    {
        private volatile bool _losesReply;

        public bool LosesReply
        {
            get => _losesReply;
            set => _losesReply = value;
        }

        /// <summary>RST, not FIN: nobody says goodbye.</summary>
        public void Reset()
        {
            client.Close(0);
            server.Close(0);
        }

        public void Dispose() => Reset();
    }
}
