using System.Diagnostics;
using FluentAssertions;
using Pipeline.Archiving;
using Pipeline.Buffering;
using Pipeline.Sources;
using Pipeline.Sources.Mock;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;
using Xunit;

namespace Pipeline.Tests.Integration.Archiving;

/// <summary>When a writer writes what, and when it leaves it.</summary>
public sealed class LakeWriterTests(RedisFixture redis) : IAsyncLifetime
{
    private const long WindowMs = 10_000;

    /// <summary>2026-07-04T14:00:00Z.</summary>
    private const long StartMs = 1_783_173_600_000;

    private PipelineRig _rig = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _rig = await PipelineRig.OpenAsync(redis.ConnectionString);

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task A_window_stays_open_until_the_log_has_an_entry_at_its_end()
    {
        await AppendAsync(StartMs, StartMs + WindowMs - 1);

        (await WriteAsync()).Should().Be(0);
    }

    [Fact]
    public async Task An_entry_at_its_end_closes_a_window()
    {
        await AppendAsync(StartMs, StartMs + WindowMs - 1, StartMs + WindowMs);

        (await WriteAsync()).Should().Be(2, "the third is in the next window");
    }

    [Fact]
    public async Task What_another_writer_is_at_is_left_to_it()
    {
        await AppendAsync(StartMs, StartMs + WindowMs);
        await using var lease = await WriterLease.TryTakeAsync(_rig.Database, _rig.Logs[0].Keys, WriterLease.NewToken(), TimeSpan.FromMinutes(1), TimeProvider.System);

        var wroteAll = await _rig.Writer().WriteClosedWindowsAsync(drain: false, Token);

        (wroteAll, Directory.EnumerateFiles(_rig.Lake.Path, "*.parquet", SearchOption.AllDirectories).Count()).Should().Be((false, 0));
    }

    [Fact]
    public async Task A_lease_that_somebody_else_took_over_is_not_given_back_for_him()
    {
        var keys = _rig.Logs[0].Keys;
        await using (await WriterLease.TryTakeAsync(_rig.Database, keys, WriterLease.NewToken(), TimeSpan.FromMinutes(1), TimeProvider.System))
        {
            await _rig.Database.StringSetAsync(keys.Lease, "somebody else");
        }

        (await _rig.Database.StringGetAsync(keys.Lease)).Should().Be("somebody else");
    }

    [Fact]
    public async Task The_lease_of_a_process_that_is_no_more_is_taken_at_once()
    {
        using var dead = Process.Start("true");
        await dead.WaitForExitAsync(Token);
        await _rig.Database.StringSetAsync(_rig.Logs[0].Keys.Lease, $"{Environment.MachineName}|{dead.Id}|was|one", TimeSpan.FromMinutes(1));

        await using var lease = await WriterLease.TryTakeAsync(_rig.Database, _rig.Logs[0].Keys, WriterLease.NewToken(), TimeSpan.FromMinutes(1), TimeProvider.System);

        lease.Should().NotBeNull();
    }

    [Fact]
    public async Task A_log_that_has_committed_begins_no_second_lake()
    {
        await AppendAsync(StartMs, StartMs + WindowMs);
        await WriteAsync();
        Directory.Delete(_rig.Lake.Path, recursive: true);
        await AppendAsync(StartMs + (2 * WindowMs));

        var write = () => _rig.Writer().WriteClosedWindowsAsync(drain: false, Token);

        await write.Should().ThrowAsync<LakeException>().WithMessage("*holds none of them*");
    }

    [Fact]
    public async Task A_log_that_Redis_lost_begins_again_where_the_lake_ends()
    {
        await _rig.IngestAsync(new MockSource(new MockFirehoseOptions { Events = 500 }), Token);
        await _rig.DrainAsync(Token);
        var log = _rig.Logs[0];
        var before = await log.ReadTailAsync();
        await _rig.Database.KeyDeleteAsync([log.Keys.Stream, log.Keys.State]);

        await _rig.Memory.RestoreAsync(log);

        var after = await log.ReadTailAsync();
        (after.LogId, after.Offset, after.Position, after.FloorMs, after.LookBackLost).Should().Be((before.LogId, before.Offset, before.Position, before.FloorMs, true));
    }

    [Fact]
    public async Task A_log_that_lost_its_state_only_takes_what_is_committed_from_the_lake()
    {
        await _rig.IngestAsync(new MockSource(new MockFirehoseOptions { Events = 40_000 }), Token);
        await _rig.DrainAsync(Token);
        var log = _rig.Logs[0];
        var before = await log.ReadStateAsync();
        await _rig.Database.KeyDeleteAsync(log.Keys.State);

        await _rig.Memory.RestoreAsync(log);

        var after = await log.ReadStateAsync();
        (after.CommittedMs, after.CommittedOffset).Should().Be((before.CommittedMs, before.CommittedOffset));
    }

    private async Task<long> WriteAsync()
    {
        var stats = new WriteStats();
        await _rig.Writer(stats).WriteClosedWindowsAsync(drain: false, Token);
        return stats.Rows;
    }

    /// <summary>Appends an entry with one record at each of these times.</summary>
    private async Task AppendAsync(params long[] times)
    {
        var tail = await _rig.Logs[0].ReadTailAsync();
        await using var appender = new BatchAppender(_rig.Logs[0], tail, _rig.Log, TimeProvider.System);
        foreach (var ms in times) await appender.AppendAsync(new SealedBatch("\u0004{}"u8, 1, [], ms), Token);
        await appender.CompleteAsync();
    }
}
