using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.Logging;
using Pipeline.Sources;
using Pipeline.Sources.Mock;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Jetstream;
using Pipeline.Tests.Harness.Pipelines;

namespace Pipeline.Tests.Integration.Faults;

/// <summary>
/// Jetstream servers that go on whatever the pipeline does: what it misses it has to fetch again. They play the mock firehose from now on,
/// and whatever else is put between.
/// </summary>
internal sealed class LiveTraffic : Traffic, IEventSource
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _end = new();
    private readonly FakeEventLog _events = new();
    private readonly Lock _lock = new();
    private readonly List<FakeJetstream> _servers = [];
    private readonly SentLedger _sent = new();
    private readonly HashSet<RejectedMessage> _rejected = [];
    private readonly List<FakeFrame> _held = [];
    private readonly LogLines _log = new();
    private JetstreamSource? _jetstream;
    private Task _producing = Task.CompletedTask;

    /// <summary>Seconds of log time in a second: events are this much further apart than they are sent. Default 5.</summary>
    public int Speed { get; init; } = 5;

    /// <summary>Events change places within blocks of this many before they are sent. Default 1: none does.</summary>
    public int Shuffle { get; init; } = 1;

    /// <summary>One server for each, whose clock is this far ahead. Default: one server, on time.</summary>
    public IReadOnlyList<TimeSpan> Clocks { get; init; } = [TimeSpan.Zero];

    /// <summary>How long a session may be silent. Default 30 s.</summary>
    public TimeSpan NoEventsTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many events were sent behind one that is later.</summary>
    public int Displaced { get; private set; }

    public IReadOnlyList<FakeJetstream> Servers => _servers;

    public FakeEventLog Events => _events;

    public override string Kind => "live";

    public override IEventSource Source => this;

    public string Name => Jetstream.Name;

    public bool IsLive => !_end.IsCancellationRequested;

    public long Rewind => Jetstream.Rewind;

    public JetstreamStatus Status => Jetstream.Status;

    public override Produced Produced
    {
        get
        {
            lock (_lock) return new(_sent.Copy()) { Rejected = [.. _rejected] };
        }
    }

    private JetstreamSource Jetstream => _jetstream ?? throw new InvalidOperationException("Not prepared.");

    public override async Task PrepareAsync()
    {
        foreach (var clock in Clocks) _servers.Add(await FakeJetstream.StartAsync(new FakeJetstreamOptions { Events = _events, ClockOffset = clock }));
        _jetstream = new JetstreamSource(
            new JetstreamOptions
            {
                Hosts = [.. _servers.Select(s => s.Address)],
                ReconnectDelay = TimeSpan.FromMilliseconds(20),
                ReconnectDelayMax = TimeSpan.FromMilliseconds(200),
                NoEventsTimeout = NoEventsTimeout,
            },
            _log.CreateLogger<JetstreamSource>(),
            TimeProvider.System);
    }

    public override async Task StartAsync()
    {
        // A live source begins with what comes after the first connection.
        await _servers[0].WaitForConnectionAsync(1, _stop.Token);
        _producing = ProduceAsync();
    }

    /// <summary>Sends a message that belongs into the table of rejected ones.</summary>
    public void SendRubbish(FakeFrame frame, string reason, ReadOnlySpan<byte> kept)
    {
        lock (_lock) _rejected.Add(RejectedMessage.Of(reason, kept, frame.Length));
        _events.Append(frame);
    }

    /// <summary>Sends an event of the test's own.</summary>
    public void SendEvent(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var frame = FakeFrame.Event(bytes);
        Record(frame);
        _events.Append(frame);
    }

    /// <summary>Sends no more.</summary>
    public async Task StopProducingAsync()
    {
        await _stop.CancelAsync();
        await _producing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_producing.IsFaulted) await _producing;
    }

    public override async Task EndAsync(FaultRun run)
    {
        await StopProducingAsync();
        long expected;
        lock (_lock) expected = _sent.Count + _rejected.Count;
        await run.WhileAtWorkAsync(Eventually.GetAsync($"all {expected} records in the log", run.OffsetAsync, offset => offset >= expected, Deadlines.Recovery));

        // What was lost on the way is fetched again, and counts twice.
        var (last, since) = (-1L, 0L);
        await run.WhileAtWorkAsync(Eventually.TrueAsync(
            "nothing more to arrive",
            async () =>
            {
                var now = await run.OffsetAsync();
                if (now != last) (last, since) = (now, Stopwatch.GetTimestamp());
                return Stopwatch.GetElapsedTime(since) > Deadlines.Quiet;
            },
            Deadlines.Recovery));
        await _end.CancelAsync();
    }

    public async IAsyncEnumerable<SourceMessage> ReadAsync(long? position, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _end.Token);
        await using var messages = Jetstream.ReadAsync(position, either.Token).GetAsyncEnumerator(either.Token);
        while (true)
        {
            try
            {
                if (!await messages.MoveNextAsync()) yield break;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                yield break;
            }

            yield return messages.Current;
        }
    }

    protected override async ValueTask CleanUpAsync()
    {
        await _stop.CancelAsync();
        await _producing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var server in _servers) await server.DisposeAsync();
        _stop.Dispose();
        _end.Dispose();
        _log.Dispose();
    }

    private async Task ProduceAsync()
    {
        var options = new MockFirehoseOptions { Events = long.MaxValue, Rate = Rate, EventsPerSecond = Math.Max(1, Rate / Speed), Start = TimeProvider.System.GetUtcNow() };
        var random = new Random(1);
        try
        {
            await foreach (var message in new MockSource(options).ReadAsync(null, _stop.Token))
            {
                var frame = FakeFrame.Event(message.Bytes.ToArray());
                Record(frame);
                _held.Add(frame);
                if (_held.Count >= Shuffle) Release(random);
            }
        }
        catch (OperationCanceledException)
        {
            Release(random);
        }
    }

    /// <summary>Keeps an event as each host, by its own clock, sends it.</summary>
    private void Record(FakeFrame frame)
    {
        lock (_lock)
        {
            foreach (var clock in Clocks) _sent.Add(frame.Shifted((long)clock.TotalMicroseconds).Bytes.Span);
        }
    }

    private void Release(Random random)
    {
        if (Shuffle > 1) random.Shuffle(CollectionsMarshal.AsSpan(_held));
        var latest = 0L;
        foreach (var frame in _held)
        {
            if (frame.TimeUs < latest) Displaced++;
            latest = Math.Max(latest, frame.TimeUs ?? 0);
            _events.Append(frame);
        }

        _held.Clear();
    }
}
