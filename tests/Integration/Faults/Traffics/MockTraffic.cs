using System.Runtime.CompilerServices;
using Pipeline.Sources;
using Pipeline.Sources.Mock;
using Pipeline.Tests.Harness.Pipelines;

namespace Pipeline.Tests.Integration.Faults;

/// <summary>The mock firehose until it is told to end: a source whose positions are exact.</summary>
internal sealed class MockTraffic : Traffic, IEventSource
{
    private readonly Lock _lock = new();
    private MockSource? _mock;
    private long _last = -1;
    private long? _end;

    public override string Kind => "mock";

    public override IEventSource Source => this;

    public string Name => Mock.Name;

    public bool IsLive => false;

    public long Rewind => 0;

    public override Produced Produced
    {
        get
        {
            var firehose = new MockFirehose(Options with { Events = _end!.Value + 1 });
            var events = new SentLedger();
            for (var reader = firehose.From(0); reader.Next();) events.Add(reader.Current);
            return new Produced(events) { Messages = _end.Value + 1 };
        }
    }

    private MockFirehoseOptions Options => new() { Rate = Rate, Events = long.MaxValue };

    private MockSource Mock => _mock ??= new MockSource(Options);

    public override Task EndAsync(FaultRun run)
    {
        lock (_lock) _end ??= _last;
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<SourceMessage> ReadAsync(long? position, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var message in Mock.ReadAsync(position, cancellationToken))
        {
            lock (_lock)
            {
                if (message.Position > _end) yield break;
                _last = Math.Max(_last, message.Position!.Value);
            }

            yield return message;
        }
    }
}
