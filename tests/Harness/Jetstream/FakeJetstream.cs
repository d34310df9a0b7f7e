using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Pipeline.Tests.Harness.Jetstream;

/// <summary>A Jetstream server (v1 wire, <c>/subscribe</c>) on a random loopback port, with faults to order.</summary>
public sealed class FakeJetstream : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly FakeJetstreamOptions _options;
    private readonly Lock _lock = new();
    private readonly List<FakeConnection> _requests = [];
    private volatile Fault[] _faults = [];
    private readonly Signal _changed = new();
    private readonly CancellationTokenSource _stop = new();
    private (int Status, int Left) _refusal;
    private int _accepted;

    private FakeJetstream(WebApplication app, FakeJetstreamOptions options)
    {
        _app = app;
        _options = options;
    }

    /// <summary>What to put among the hosts of a source.</summary>
    public string Address { get; private set; } = "";

    public FakeEventLog Events => _options.Events;

    /// <summary>Every request to subscribe so far, refused ones too, in order of arrival.</summary>
    public IReadOnlyList<FakeConnection> Requests
    {
        get
        {
            lock (_lock)
                return [.. _requests];
        }
    }

    /// <summary>The accepted ones among them.</summary>
    public IReadOnlyList<FakeConnection> Connections => [.. Requests.Where(request => request.Status == 101)];

    public static async Task<FakeJetstream> StartAsync(FakeJetstreamOptions? options = null)
    {
        var app = LocalServer.Build(IPAddress.Loopback);
        var server = new FakeJetstream(app, options ?? new FakeJetstreamOptions());
        app.Run(server.HandleAsync);
        await app.StartAsync();
        server.Address = app.Urls.Single().Replace("http://", "ws://", StringComparison.Ordinal);
        return server;
    }

    /// <summary>Orders a fault; the same object tells afterwards how often it fired.</summary>
    public Fault Inject(Fault fault)
    {
        lock (_lock)
            _faults = [.. _faults, fault];
        return fault;
    }

    /// <summary>Answers the next requests with an HTTP status, 503 for instance; <see cref="Accept"/> ends that early.</summary>
    public void Refuse(int status, int times = int.MaxValue)
    {
        lock (_lock)
            _refusal = (status, times);
    }

    public void Accept() => Refuse(0, 0);

    /// <summary>Waits until <paramref name="number"/> connections were accepted and returns that one.</summary>
    public async Task<FakeConnection> WaitForConnectionAsync(int number, CancellationToken cancellationToken)
    {
        await WaitAsync(() => Connections.Count >= number, $"{number} connections", cancellationToken);
        return Connections[number - 1];
    }

    /// <summary>Waits until something holds of <see cref="Requests"/>, a connection or a fault.</summary>
    public Task WaitAsync(Func<bool> condition, string what, CancellationToken cancellationToken) =>
        _changed.UntilAsync(condition, () => $"{what} at {Address}; requests so far: {string.Join("; ", Requests)}", cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _app.DisposeAsync();
        _stop.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var connection = Register(context);
        _changed.Pulse();
        if (connection.Status != 101)
        {
            context.Response.StatusCode = connection.Status;
            return;
        }

        var (socket, stream) = await WebSocketHandshake.AcceptAsync(context, _options);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var receiving = ReceiveAsync(socket, connection, over);
        try
        {
            var fault = await new FakeSender(_options, () => _faults, connection, _changed.Pulse).SendAsync(socket, stream, over.Token);
            if (fault == FaultKind.Close)
                await receiving.WaitAsync(TimeSpan.FromSeconds(5), over.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or IOException or TimeoutException or ObjectDisposedException)
        {
            // The client left, or the test is over.
        }
        finally
        {
            connection.EndedAt = TimeProvider.System.GetUtcNow();
            _changed.Pulse();
            context.Abort();
            await receiving;
            socket.Dispose();
        }
    }

    private FakeConnection Register(HttpContext context)
    {
        var query = context.Request.Query;
        var hasCursor = query.TryGetValue("cursor", out var text);
        var cursor = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var us) ? us : (long?)null;
        string[] collections = [.. query["wantedCollections"].OfType<string>()];
        var status = context.Request switch
        {
            { Path.Value: not "/subscribe" } => 404,
            _ when (hasCursor && cursor is null) || collections.Length > 100 || query["wantedDids"].Count > 10_000 => 400,
            { Headers.SecWebSocketKey.Count: 0 } => 400,
            _ => 101,
        };
        lock (_lock)
        {
            if (_refusal.Left > 0)
            {
                _refusal.Left--;
                status = _refusal.Status;
            }

            var connection = new FakeConnection
            {
                Number = status == 101 ? ++_accepted : 0,
                Status = status,
                Cursor = cursor,
                WantedCollections = collections,
                Query = context.Request.QueryString.Value ?? "",
                OpenedAt = TimeProvider.System.GetUtcNow(),
                LiveFrom = Events.Count,
            };
            _requests.Add(connection);
            return connection;
        }
    }

    private static async Task ReceiveAsync(WebSocket socket, FakeConnection connection, CancellationTokenSource over)
    {
        var buffer = new byte[4096];
        try
        {
            while ((await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None)).MessageType != WebSocketMessageType.Close)
            {
            }

            connection.ClosedByClient = true;
        }
        catch (Exception e) when (e is WebSocketException or IOException or ObjectDisposedException or OperationCanceledException)
        {
        }
        finally
        {
            await over.CancelAsync();
        }
    }
}
