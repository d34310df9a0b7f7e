using Pipeline.Buffering;
using Pipeline.Events;
using Pipeline.Sources.Mock;
using Pipeline.Tests.Harness.Pipelines;

namespace Pipeline.Tests.Load.Targets;

/// <summary>
/// The product's ingestor as something to call: an operation gives it one event, and ends when Redis has acknowledged the batch that holds it.
/// </summary>
internal sealed class IngestTarget : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private readonly CalledSource _source = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly EventParser _parser = new(new EventLimits());
    private readonly MockReader _events;
    private Task _ingesting = Task.CompletedTask;

    /// <param name="logRate">Events per second of log time.</param>
    private IngestTarget(int logRate) => _events = new MockFirehose(new MockFirehoseOptions { EventsPerSecond = logRate }).From(0);

    public IngestStats Stats { get; } = new();

    public static IngestTarget Start(PipelineRig rig, int logRate)
    {
        var target = new IngestTarget(logRate);
        target.Stats.BatchAppended += batch => target.Acknowledge(batch.Records);
        target._ingesting = rig.IngestAsync(target._source, target._stop.Token, target.Stats);
        return target;
    }

    /// <summary>Appends the mock firehose's next event of an archived type.</summary>
    public ValueTask AppendAsync()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_ingesting.IsCompleted) return ValueTask.FromException(new InvalidOperationException("The ingestor has stopped.", _ingesting.Exception));
            do _events.Next();
            while (_parser.Parse(_events.Current).Kind != EventKind.Archived);
            _waiting.Enqueue(done);
            _source.Send(_events.Current.ToArray());
        }

        return new ValueTask(done.Task);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _ingesting;
        _stop.Dispose();
    }

    // Redis acknowledges in the order in which events were sent.
    private void Acknowledge(int records)
    {
        lock (_lock)
        {
            for (var i = 0; i < records; i++) _waiting.Dequeue().SetResult();
        }
    }
}
