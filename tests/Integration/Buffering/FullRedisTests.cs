using FluentAssertions;
using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Archiving;
using Pipeline.Buffering;
using Pipeline.Tests.Harness;
using StackExchange.Redis;
using Xunit;

namespace Pipeline.Tests.Integration.Buffering;

/// <summary>A Redis that is nearly full, or full: what pauses, what is laid in its way, and what still has to pass.</summary>
public sealed class FullRedisTests : IAsyncLifetime
{
    private readonly LogOptions _options = new() { Name = "full" };
    private RedisServer _server = null!;
    private ConnectionMultiplexer _connection = null!;

    private IDatabase Database => _connection.GetDatabase();

    private RedisLog Log => new(Database, new LogKeys(_options.Name, 0));

    private RedisKey[] BallastKeys => [.. Enumerable.Range(0, 8).Select(Log.Keys.Ballast)];

    public async ValueTask InitializeAsync()
    {
        _server = await RedisServer.StartNewAsync();
        _connection = await _server.ConnectAsync();
        await Log.AppendAsync(null, Entry(1_000, 0, 10), create: true, "epoch", []);
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null) await _connection.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
    }

    [Fact]
    public async Task Reading_pauses_above_the_high_water_mark_only()
    {
        var backpressure = Backpressure();

        await UseAsync(0.70);
        (await backpressure.IsFullAsync()).Should().BeFalse();
        await UseAsync(0.80);
        (await backpressure.IsFullAsync()).Should().BeTrue();
    }

    [Fact]
    public async Task Reading_goes_on_below_the_low_water_mark_only()
    {
        var backpressure = Backpressure();

        await UseAsync(0.70);
        (await backpressure.HasRoomAsync()).Should().BeFalse();
        await UseAsync(0.55);
        (await backpressure.HasRoomAsync()).Should().BeTrue();
    }

    [Fact]
    public async Task Reading_pauses_when_ballast_was_evicted()
    {
        var backpressure = Backpressure();
        await UseAsync(0.10);
        await backpressure.IsFullAsync();

        await Database.KeyDeleteAsync(BallastKeys[0]);

        (await backpressure.IsFullAsync()).Should().BeTrue();
    }

    [Fact]
    public async Task Ballast_takes_its_share_of_the_memory()
    {
        var memory = new MemoryReading(0, 80_000_000, "allkeys-lru");

        await new Ballast(Database, Log.Keys, 0.02).EnsureAsync(memory);

        (await Task.WhenAll(BallastKeys.Select(k => Database.StringLengthAsync(k)))).Sum().Should().Be(1_600_000);
    }

    [Fact]
    public async Task Ballast_that_was_evicted_is_counted_and_laid_again()
    {
        var memory = new MemoryReading(0, 80_000_000, "allkeys-lru");
        var ballast = new Ballast(Database, Log.Keys, 0.02);
        await ballast.EnsureAsync(memory);
        await Database.KeyDeleteAsync(BallastKeys[..3]);

        (await ballast.EnsureAsync(memory)).Should().Be(3);

        (await Database.KeyExistsAsync(BallastKeys)).Should().Be(8);
    }

    [Fact]
    public async Task Where_Redis_evicts_nothing_there_is_no_ballast()
    {
        await new Ballast(Database, Log.Keys, 0.02).EnsureAsync(new MemoryReading(0, 80_000_000, "noeviction"));

        (await Database.KeyExistsAsync(BallastKeys)).Should().Be(0);
    }

    [Fact]
    public async Task A_commit_passes_a_Redis_that_refuses_everything()
    {
        await RefuseEverythingAsync();

        (await Log.CommitAsync(new LogCommit("log", 0, 10, 2_000, null, 1_000, null, "epoch", []))).Should().BeTrue();
    }

    [Fact]
    public async Task A_heartbeat_passes_a_Redis_that_refuses_everything()
    {
        await RefuseEverythingAsync();

        await Log.AppendAsync(new LogEntryId(1_000, 0), Entry(2_000, 10, 0), create: false, "epoch", []);

        (await Log.ReadTailAsync()).Last.Should().Be(new LogEntryId(2_000, 0));
    }

    [Fact]
    public async Task A_batch_of_records_does_not_pass_a_Redis_that_refuses_everything()
    {
        await RefuseEverythingAsync();

        var append = () => Log.AppendAsync(new LogEntryId(1_000, 0), Entry(2_000, 10, 5), create: false, "epoch", []);

        await append.Should().ThrowAsync<RedisServerException>().WithMessage("OOM*");
    }

    [Fact]
    public async Task A_lease_passes_a_Redis_that_refuses_everything()
    {
        await RefuseEverythingAsync();

        await using var lease = await WriterLease.TryTakeAsync(Database, Log.Keys, WriterLease.NewToken(), TimeSpan.FromSeconds(30), TimeProvider.System);

        lease.Should().NotBeNull();
    }

    private static LogEntry Entry(long ms, long offset, int count) =>
        new(new LogEntryId(ms, 0), "log", offset, count, null, IsEnd: false, MayRepeat: false, new byte[] { 1 });

    private Backpressure Backpressure() => new(Database, [Log], _options, new IngestStats(), TimeProvider.System, NullLogger.Instance);

    /// <summary>Sets the limit so that this share of it is in use, give or take what a connection takes.</summary>
    private async Task UseAsync(double share)
    {
        // Something to weigh, so that what is in use does not depend on a buffer more or less.
        await Database.ExecuteAsync("SETRANGE", "weight", 40_000_000, "0");
        var used = (await new MemoryGauge(Database, Log.Keys.State).ReadAsync()).Used;
        await _connection.GetServers()[0].ConfigSetAsync("maxmemory", (long)(used / share));
    }

    private async Task RefuseEverythingAsync()
    {
        await _connection.GetServers()[0].ConfigSetAsync("maxmemory-policy", "noeviction");
        await _connection.GetServers()[0].ConfigSetAsync("maxmemory", 1);
        var write = () => Database.StringSetAsync("other", 1);
        await write.Should().ThrowAsync<RedisServerException>("Redis has to be full for this test");
    }
}
