using Pipeline.Sources;
using Pipeline.Sources.Mock;
using Pipeline.Tests.Harness.Jetstream;

namespace Pipeline.Tests.EndToEnd;

/// <summary>A Jetstream server that plays the mock firehose by the clock, and writes down what it sends.</summary>
internal sealed class Firehose : IAsyncDisposable
{
    private readonly FakeJetstream _server;
    private readonly FakeEventLog _events;

    private Firehose(FakeJetstream server, FakeEventLog events, Ledger ledger) => (_server, _events, Ledger) = (server, events, ledger);

    public Ledger Ledger { get; }

    public string Address => _server.Address;

    public int Connections => _server.Connections.Count;

    public static async Task<Firehose> StartAsync(TimeSpan window)
    {
        var events = new FakeEventLog();
        return new Firehose(await FakeJetstream.StartAsync(new FakeJetstreamOptions { Events = events }), events, new Ledger(window));
    }

    /// <summary>Waits for somebody to listen, and sends for a while.</summary>
    public async Task PlayAsync(int perSecond, TimeSpan during, CancellationToken cancellationToken)
    {
        await _server.WaitForConnectionAsync(1, cancellationToken);
        var options = new MockFirehoseOptions
        {
            Events = (long)(perSecond * during.TotalSeconds),
            Rate = perSecond,
            EventsPerSecond = perSecond,
            Start = TimeProvider.System.GetUtcNow(),
        };
        await foreach (var message in new MockSource(options).ReadAsync(null, cancellationToken))
        {
            Ledger.Add(message.Bytes.Span);
            _events.Append(FakeFrame.Event(message.Bytes.ToArray()));
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
