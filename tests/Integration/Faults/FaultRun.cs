using System.Diagnostics;
using Pipeline.Archiving;
using Pipeline.Buffering;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;
using StackExchange.Redis;
using Xunit;

namespace Pipeline.Tests.Integration.Faults;

/// <summary>The real pipeline under traffic, for something to go wrong with. Whatever does, it gets no help.</summary>
internal sealed class FaultRun : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopWriting = new();
    private readonly CancellationTokenSource _stopIngest = new();
    private readonly List<Task> _writing = [];
    private readonly List<Task> _ingesting = [];
    private readonly RedisServer? _own;
    private readonly Random _random;

    private FaultRun(RedisServer server, bool owns, FaultyLink? link, PipelineRig rig, Traffic traffic, LogLines log, ShiftingTime time, int seed)
    {
        (Server, _own, Link, Rig, Traffic, Log, Time, _random) = (server, owns ? server : null, link, rig, traffic, log, time, new Random(seed));
    }

    public RedisServer Server { get; }

    /// <summary>Between the pipeline and Redis, when the injection asked for it.</summary>
    public FaultyLink? Link { get; }

    public PipelineRig Rig { get; }

    public Traffic Traffic { get; }

    /// <summary>What the product warned of.</summary>
    public LogLines Log { get; }

    /// <summary>The product's clock.</summary>
    public ShiftingTime Time { get; }

    public IngestStats Ingested { get; } = new();

    public WriteStats Written { get; } = new();

    /// <summary>Where programs find Redis.</summary>
    public string RedisAddress => Link?.Address ?? Server.ConnectionString;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<FaultRun> StartAsync(Traffic traffic, Injection injection, RedisFixture shared, int seed)
    {
        var server = injection.Redis is { } options ? await RedisServer.StartNewAsync(options) : shared.Server;
        var log = new LogLines();
        var time = new ShiftingTime();
        var link = injection.NeedsLink ? FaultyLink.To(server.Host, server.Port) : null;
        var lake = await injection.LakeAsync();
        var rig = await PipelineRig.OpenAsync(
            link?.Address ?? server.ConnectionString,
            r => r.With(
                log: r.Log with { Heartbeat = TimeSpan.FromSeconds(1) },
                lake: r.Lake with { Path = lake ?? r.Lake.Path, Window = TimeSpan.FromSeconds(5) },
                time: time,
                loggers: log));
        var run = new FaultRun(server, injection.Redis is not null, link, rig, traffic, log, time, seed);
        try
        {
            await traffic.PrepareAsync();
            if (traffic is ProgramTraffic programs)
            {
                for (var i = 0; i < programs.Programs; i++) programs.Start(run);
            }
            else
            {
                run.StartIngestor();
                if (!injection.WriterWaits) run.StartWriter();
            }

            await traffic.StartAsync();
            return run;
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    /// <summary>A number for an injection to choose with; the seed repeats it.</summary>
    public int Next(int from, int below)
    {
        lock (_random) return _random.Next(from, below);
    }

    public void NextBytes(byte[] bytes)
    {
        lock (_random) _random.NextBytes(bytes);
    }

    /// <summary>Starts an ingestor; a second one is a mistake that some rows make.</summary>
    public void StartIngestor(IngestStats? stats = null) => _ingesting.Add(Task.Run(() => Rig.IngestAsync(Traffic.Source!, _stopIngest.Token, stats ?? Ingested)));

    /// <summary>Starts a writer; a second one is a mistake that some rows make.</summary>
    public void StartWriter(WriteStats? stats = null) => _writing.Add(Task.Run(() => Rig.WriteLoopAsync(_stopWriting.Token, stats ?? Written)));

    /// <summary>Waits until this many more records have reached the log: the pipeline is at work.</summary>
    public async Task FlowsAsync(int records = 1_000)
    {
        var from = await Eventually.GetAsync("the log's end", ProgressAsync, _ => true, Deadlines.Recovery);
        await WhileAtWorkAsync(Eventually.GetAsync(
            $"{records} records more than {from}", ProgressAsync, now => now >= from + records, Deadlines.Recovery));
    }

    /// <summary>Waits until this many more windows are in the lake.</summary>
    public Task WritesAsync(int windows = 1)
    {
        var from = Written.Windows;
        return WhileAtWorkAsync(Eventually.GetAsync(
            $"{windows} windows more than {from}", () => Written.Windows, now => now >= from + windows, Deadlines.Recovery));
    }

    /// <summary>Waits until the product has looked at the clock since that last jumped, and returns how often it did: before that, no jump has reached it.</summary>
    public async Task<long> LooksAtClockAsync()
    {
        await WhileAtWorkAsync(Eventually.TrueAsync("the product to look at the clock", () => Time.Reads > 0, Deadlines.Recovery));
        return Time.Reads;
    }

    /// <summary>Waits until the writer has taken everything that is in the log to the lake.</summary>
    public Task DrainsAsync() => WhileAtWorkAsync(Eventually.TrueAsync(
        "the lake to have all that is in the log",
        async () =>
        {
            var states = await Task.WhenAll(Rig.Logs.Select(l => l.ReadStateAsync()));
            return states.All(s => s.CommittedOffset == s.Offset);
        },
        Deadlines.Recovery));

    /// <summary>Waits until the product has warned of something once more.</summary>
    public Task WarnsAsync(string of)
    {
        var from = Log.Count(of);
        return WhileAtWorkAsync(Eventually.TrueAsync($"the product to warn of '{of}'", () => Log.Count(of) > from, Deadlines.Recovery));
    }

    /// <summary>Waits for something as long as neither half of the pipeline gives up.</summary>
    public async Task WhileAtWorkAsync(Task condition)
    {
        var ended = await Task.WhenAny([condition, .. _ingesting, .. _writing]);
        if (ended != condition)
        {
            await ended;
            if (!condition.IsCompleted) throw new InvalidOperationException("The pipeline stopped by itself.");
        }

        await condition;
    }

    /// <summary>How many records the log ever held, those included that it was told of by the lake.</summary>
    public async Task<long> OffsetAsync()
    {
        var offset = 0L;
        foreach (var log in Rig.Logs)
        {
            var state = await log.ReadStateAsync();
            offset += state.Offset + state.Counters.GetValueOrDefault(LogCounters.Adopted);
        }

        return offset;
    }

    /// <summary>Ends the traffic, waits for the pipeline to be done with it, and checks the promise.</summary>
    public async Task<InvariantReport> FinishAsync(Injection injection)
    {
        // It ends the ingestor, perhaps before it returns: what it waits for, it waits for only while both halves are at work.
        await Traffic.EndAsync(this);
        foreach (var ingesting in _ingesting) await ingesting.WaitAsync(Deadlines.Recovery, Token);
        await _stopWriting.CancelAsync();
        foreach (var writing in _writing) await writing.WaitAsync(Deadlines.Recovery, Token);
        await Eventually.TrueAsync("the log to be drained", DrainAsync, Deadlines.Recovery);
        var produced = await injection.CheckAsync(this, Traffic.Produced);
        return await Invariant.CheckAsync(Rig, produced, Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopWriting.CancelAsync();
        await _stopIngest.CancelAsync();
        foreach (var task in _ingesting.Concat(_writing))
        {
            // A pipeline that is stuck is what the test reports, not what it waits for.
            await Task.WhenAny(task, Task.Delay(Deadlines.Condition, CancellationToken.None));
        }

        await Traffic.DisposeAsync();
        await Rig.DisposeAsync();
        if (Link is not null) await Link.DisposeAsync();
        if (_own is not null) await _own.DisposeAsync();
        _stopWriting.Dispose();
        _stopIngest.Dispose();
        Log.Dispose();
    }

    private Task<long> ProgressAsync() => Traffic is ProgramTraffic ? OffsetAsync() : Task.FromResult(Ingested.Acknowledged);

    private async Task<bool> DrainAsync()
    {
        try
        {
            await Rig.DrainAsync(Token);
            return true;
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            Debug.WriteLine(e.Message);
            return false;
        }
    }
}
