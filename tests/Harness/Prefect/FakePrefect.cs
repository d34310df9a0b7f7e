using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Pipeline.Tests.Harness.Prefect;

/// <summary>
/// A Prefect 3.4 server in the test's process, on a random loopback port: what a worker needs, with the state rules, scheduler, late runs, slots
/// and leases of the real one, and with faults to order.
/// </summary>
public sealed partial class FakePrefect : IAsyncDisposable
{
    private readonly FakePrefectOptions _options;
    private readonly Lock _lock = new();
    private readonly List<PrefectExchange> _exchanges = [];
    private readonly List<PrefectFault> _faults = [];
    private readonly CancellationTokenSource _end = new();
    private readonly Task _services;
    private FakePrefectStore _store;
    private FakePrefectRoutes _routes;
    private WebApplication? _app;
    private int _port;

    private FakePrefect(FakePrefectOptions options)
    {
        _options = options;
        _store = new FakePrefectStore(options);
        _routes = new FakePrefectRoutes(_store);
        _services = ServeAsync();
    }

    /// <summary>The API's address, which outlives <see cref="StopAsync"/>.</summary>
    public string Api => $"http://127.0.0.1:{_port}/api";

    /// <summary>Every request that was answered.</summary>
    public IReadOnlyList<PrefectExchange> Exchanges
    {
        get
        {
            lock (_lock) return [.. _exchanges];
        }
    }

    public static async Task<FakePrefect> StartAsync(FakePrefectOptions? options = null)
    {
        var server = new FakePrefect(options ?? new FakePrefectOptions());
        await server.StartAsync();
        return server;
    }

    /// <summary>Starts it again after <see cref="StopAsync"/>.</summary>
    public async Task StartAsync()
    {
        _app = LocalServer.Build(IPAddress.Loopback, _port);
        _app.Run(HandleAsync);
        await _app.StartAsync();
        _port = new Uri(_app.Urls.Single()).Port;
    }

    /// <summary>Nobody listens any more. What it knows stays; its services rest.</summary>
    public async Task StopAsync()
    {
        if (_app is null) return;
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _app.DisposeAsync();
        _app = null;
    }

    /// <summary>As if its database were new.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            _store = new FakePrefectStore(_options);
            _routes = new FakePrefectRoutes(_store);
        }
    }

    /// <summary>Orders a fault.</summary>
    public PrefectFault Inject(PrefectFault fault)
    {
        lock (_lock) _faults.Add(fault);
        return fault;
    }

    /// <summary>The states that a flow run was in, in order: type, name, message and time.</summary>
    public IReadOnlyList<(string Type, string Name, string? Message, DateTimeOffset At)> History(Guid run)
    {
        lock (_lock)
        {
            return [.. _store.History
                .Where(h => h.Run == run.ToString())
                .Select(h => ((string)h.State["type"]!, (string)h.State["name"]!, (string?)h.State["message"], FakeStates.Time((string?)h.State["timestamp"])!.Value))];
        }
    }

    /// <summary>Ends the lease of a run's slot as if nobody had renewed it.</summary>
    public void ExpireLeases()
    {
        lock (_lock)
        {
            foreach (var (id, lease) in _store.Leases.ToArray()) _store.Leases[id] = lease with { Until = DateTimeOffset.MinValue };
        }
    }

    /// <summary>When the leases of slots end.</summary>
    public IReadOnlyList<DateTimeOffset> Leases()
    {
        lock (_lock) return [.. _store.Leases.Values.Select(l => l.Until)];
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _services.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await StopAsync();
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            await Task.Delay(_options.Services, _end.Token);
            if (_app is null) continue;
            lock (_lock) _store.Serve();
        }
    }

    private async Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value![(context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal) ? "/api".Length : 0)..];
        using var reader = new StreamReader(context.Request.Body);
        var text = await reader.ReadToEndAsync(context.RequestAborted);
        PrefectFault? fault;
        lock (_lock) fault = _faults.Find(f => f.TryFire(path, text));
        if (fault?.Kind == PrefectFaultKind.Unreachable)
        {
            context.Abort();
            return;
        }

        var answer = fault?.Kind switch
        {
            PrefectFaultKind.Unwell => new FakeAnswer(503, new JsonObject { ["detail"] = "Service Unavailable" }),
            PrefectFaultKind.Busy => new FakeAnswer(429, new JsonObject { ["detail"] = "Too Many Requests" }),
            PrefectFaultKind.Refuse => new FakeAnswer(fault.Status, new JsonObject { ["detail"] = "Refused" }),
            _ => Answer(context, path, text),
        };
        if (fault?.Kind == PrefectFaultKind.LoseAnswer)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = answer.Status;
        if (answer.Status == 429) context.Response.Headers.RetryAfter = "2";
        if (answer.Status == 204) return;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer.Body?.ToJsonString() ?? "null", context.RequestAborted);
    }

    private FakeAnswer Answer(HttpContext context, string path, string text)
    {
        if (_options.Authorization is { } wanted && context.Request.Headers.Authorization != wanted)
        {
            return new FakeAnswer(401, new JsonObject { ["exception_message"] = "Unauthorized" });
        }

        var body = text.Length == 0 ? null : JsonNode.Parse(text);
        lock (_lock)
        {
            var answer = _routes.Answer(context.Request.Method, path, body, Client().IsMatch(context.Request.Headers.UserAgent.ToString()));
            _exchanges.Add(new PrefectExchange(context.Request.Method, path, body, answer.Status, answer.Body is null ? null : JsonNode.Parse(answer.Body.ToJsonString())));
            return answer;
        }
    }

    /// <summary>A client of at least 3.4.11, which renews its leases.</summary>
    [GeneratedRegex(@"^prefect/(3\.4\.(1[1-9]|[2-9]\d)|3\.([5-9]|\d\d)\.\d+).* \(API \S+\)$", RegexOptions.CultureInvariant)]
    private static partial Regex Client();
}
