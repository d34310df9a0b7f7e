using System.Text;
using Pipeline.Sources;
using Pipeline.Sources.Mock;
using Pipeline.Tests.Harness.Jetstream;

namespace Pipeline.Tests.Integration.Monitoring;

/// <summary>A Jetstream that sends the mock firehose as it happens, until it is told to do something else.</summary>
internal sealed class LiveFeed : IAsyncDisposable
{
    private const int Rate = 100;

    private readonly CancellationTokenSource _stop = new();
    private readonly FakeJetstream _server;
    private Task _producing = Task.CompletedTask;

    private LiveFeed(FakeJetstream server) => _server = server;

    /// <summary>What <c>--jetstream-hosts</c> takes.</summary>
    public string Address => _server.Address;

    public static async Task<LiveFeed> StartAsync()
    {
        var feed = new LiveFeed(await FakeJetstream.StartAsync());
        feed._producing = feed.ProduceAsync();
        return feed;
    }

    /// <summary>Hangs up, and takes no call until <see cref="Reopen"/>.</summary>
    public void Close()
    {
        _server.Refuse(503);
        _server.Inject(new Fault(FaultKind.Abort) { AtOnce = true });
    }

    public void Reopen() => _server.Accept();

    /// <summary>Sends messages that are no events, each another: what comes twice is dropped.</summary>
    public void SendRubbish(int messages)
    {
        for (var i = 0; i < messages; i++) _server.Events.Append(FakeFrame.Raw(Encoding.ASCII.GetBytes($"no event {Guid.NewGuid():N}")));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _producing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _server.DisposeAsync();
        _stop.Dispose();
    }

    private async Task ProduceAsync()
    {
        var options = new MockFirehoseOptions { Events = long.MaxValue, Rate = Rate, EventsPerSecond = Rate, Start = TimeProvider.System.GetUtcNow() };
        await foreach (var message in new MockSource(options).ReadAsync(null, _stop.Token)) _server.Events.Append(FakeFrame.Event(message.Bytes.ToArray()));
    }
}
