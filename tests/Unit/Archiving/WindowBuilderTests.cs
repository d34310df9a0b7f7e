using System.Globalization;
using FluentAssertions;
using Pipeline.Archiving;
using Pipeline.Buffering;
using Pipeline.Events;
using Xunit;

namespace Pipeline.Tests.Unit.Archiving;

public sealed class WindowBuilderTests : IDisposable
{
    private const long Hour = 3_600_000_000;
    private const long StartUs = TestLake.StartMs * 1000;

    private TestLake _lake = new();

    [Fact]
    public async Task Each_table_has_a_file_in_the_partition_of_its_hour_and_type()
    {
        var staged = await _lake.WriteAsync(TestLake.Entry(
            TestLake.StartMs, 0, Like(1), Like(2, type: "app.bsky.feed.repost"), Like(3, type: "app.bsky.graph.follow"), "nonsense"));

        const string Day = "year=2026/month=07/day=04/hour=14/";
        string[] expected =
        [
            Day + "type=follow/follow-20260704T140000Z.parquet",
            Day + "type=like/like-20260704T140000Z.parquet",
            Day + "type=rejected/rejected-20260704T140000Z.parquet",
            Day + "type=repost/repost-20260704T140000Z.parquet",
        ];
        _lake.Reader.Files().Should().Equal(expected);
        staged.Files.Select(f => f.Name.RelativePath).Should().Equal(expected);
        staged.Files.Should().OnlyContain(f => f.Rows == 1 && f.Bytes == _lake.Read(f.Name.RelativePath).Length);
        _lake.Reader.CountByType().Should().BeEquivalentTo(
            new Dictionary<string, long> { ["like"] = 1, ["repost"] = 1, ["follow"] = 1, ["rejected"] = 1 });
    }

    [Fact]
    public async Task Columns_have_the_types_that_the_documentation_promises()
    {
        await _lake.WriteAsync(TestLake.Entry(
            TestLake.StartMs, 0, Like(1), Post(2, "{}"), Like(3, type: "app.bsky.feed.repost"), Like(4, type: "app.bsky.graph.follow"), Like(5, type: "app.bsky.graph.block"), "x"));

        const string Common = "time_us BIGINT, did VARCHAR, operation VARCHAR, rev VARCHAR, rkey VARCHAR, cid VARCHAR, created_at VARCHAR, ";
        const string Last = ", extra VARCHAR, envelope VARCHAR";
        const string Subject = Common + "subject_uri VARCHAR, subject_cid VARCHAR, via_uri VARCHAR, via_cid VARCHAR" + Last;
        Columns("post").Should().Be(
            Common + "text VARCHAR, langs VARCHAR[], reply_root_uri VARCHAR, reply_root_cid VARCHAR, reply_parent_uri VARCHAR, "
            + "reply_parent_cid VARCHAR, facets VARCHAR, embed VARCHAR" + Last);
        Columns("like").Should().Be(Subject);
        Columns("repost").Should().Be(Subject);
        Columns("follow").Should().Be(Common + "subject VARCHAR" + Last);
        Columns("block").Should().Be(Common + "subject VARCHAR" + Last);
        Columns("rejected").Should().Be("time_us BIGINT, reason VARCHAR, size BIGINT, raw BLOB");
    }

    [Fact]
    public async Task Partitions_can_be_asked_for_by_year_month_day_hour_and_type()
    {
        await _lake.WriteAsync(TestLake.Entry(TestLake.StartMs, 0, Like(1), Like(2, StartUs + Hour), Like(3, StartUs + Hour)));

        _lake.Reader.Scalar<long>($"SELECT count(*) FROM {_lake.Reader.Everything} WHERE year=2026 AND month=7 AND day=4 AND hour=15 AND type='like'").Should().Be(2);
        _lake.Reader.Scalar<long>($"SELECT count(*) FROM {_lake.Reader.Everything} WHERE hour=14").Should().Be(1);
        _lake.Reader.Scalar<long>($"SELECT count(*) FROM {_lake.Reader.Everything} WHERE type='post'").Should().Be(0);
    }

    [Fact]
    public async Task Rows_go_to_the_hour_of_their_own_time_and_keep_the_window_in_their_name()
    {
        await _lake.WriteAsync(TestLake.Entry(TestLake.StartMs, 0, Like(1, StartUs), Like(2, StartUs - 1), Like(3, StartUs + Hour - 1), Like(4, StartUs + Hour)));

        _lake.Reader.Files().Should().Equal(
            "year=2026/month=07/day=04/hour=13/type=like/like-20260704T140000Z.parquet",
            "year=2026/month=07/day=04/hour=14/type=like/like-20260704T140000Z.parquet",
            "year=2026/month=07/day=04/hour=15/type=like/like-20260704T140000Z.parquet");
        Keys("like", "hour=14").Should().Equal("1", "3");
    }

    [Fact]
    public async Task A_window_may_hold_rows_of_a_hundred_hours()
    {
        await _lake.WriteAsync(TestLake.Entry(TestLake.StartMs, 0, Enumerable.Range(0, 300).Select(i => Like(i, StartUs + (i % 100 * Hour)))));

        _lake.Reader.Files().Should().HaveCount(100);
        _lake.Reader.Count("like").Should().Be(300);
        _lake.Reader.Scalar<long>($"SELECT count(*) FROM {_lake.Reader.Source("like")} WHERE (time_us // {Hour}) % 24 != hour").Should().Be(0);
    }

    [Fact]
    public async Task A_corrupt_batch_becomes_one_rejected_row_with_its_bytes_and_the_rest_goes_on()
    {
        var corrupt = TestLake.Entry(TestLake.StartMs + 1_000, 2, Like(3), Like(4), Like(5));
        var frame = corrupt.Frame.ToArray();
        frame[^3] ^= 0x10;

        var staged = await _lake.WriteAsync(
            TestLake.Entry(TestLake.StartMs, 0, Like(1), Like(2)), corrupt with { Frame = frame }, TestLake.Entry(TestLake.StartMs + 2_000, 5, Like(6)));

        Keys("like").Should().Equal("1", "2", "6");
        var row = _lake.Reader.Rows("rejected").Should().ContainSingle().Subject;
        (row["reason"], row["size"], row["time_us"]).Should().Be(("corrupt_batch", (long)frame.Length, (TestLake.StartMs + 1_000) * 1000));
        row["raw"].Should().BeEquivalentTo(frame);
        (staged.ToOffset, staged.Lost, staged.Corrupt).Should().Be((6, 0, 3));
    }

    [Fact]
    public async Task A_message_rejected_on_arrival_keeps_its_reason_its_bytes_and_its_full_length()
    {
        byte[] bytes = [0, 0xff, (byte)'\n', 0x80];
        var batch = new System.Buffers.ArrayBufferWriter<byte>();
        RecordBatch.Add(batch, bytes, RejectReason.Oversized, 2_000_000);
        RecordBatch.Add(batch, [], RejectReason.Malformed, 0);
        using var compressor = RecordBatch.CreateCompressor();

        await _lake.WriteAsync(TestLake.Entry(TestLake.StartMs, 0, Like(1)) with { Count = 2, Frame = RecordBatch.Compress(compressor, batch.WrittenSpan) });

        var rows = _lake.Reader.Rows("rejected");
        rows.Select(r => (r["reason"], r["size"])).Should().Equal(("oversized", 2_000_000L), ("malformed", 0L));
        rows.Select(r => (byte[])r["raw"]!).Should().BeEquivalentTo([bytes, []], o => o.WithStrictOrdering());
    }

    [Fact]
    public async Task What_is_no_archived_event_though_the_log_has_it_as_one_is_rejected_not_dropped()
    {
        await _lake.WriteAsync(TestLake.Entry(
            TestLake.StartMs, 0, "nonsense", "{}", """{"did":"did:plc:a","time_us":1,"kind":"identity"}""", Like(1)));

        _lake.Reader.Rows("rejected").Select(r => r["reason"]).Should().Equal("malformed", "unknown_shape", "unknown_shape");
        _lake.Reader.Count("like").Should().Be(1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    [InlineData(253_402_300_800_000_000)]
    public async Task A_time_that_no_folder_can_be_named_for_is_rejected_not_fatal(long timeUs)
    {
        await _lake.WriteAsync(TestLake.Entry(TestLake.StartMs, 0, Like(1, timeUs), Like(2)));

        _lake.Reader.Rows("rejected").Select(r => r["reason"]).Should().Equal("time_out_of_range");
        Keys("like").Should().Equal("2");
    }

    [Fact]
    public async Task Entries_that_are_committed_already_are_skipped()
    {
        var staged = await _lake.WriteAsync(
            fromOffset: 10, TestLake.Entry(TestLake.StartMs, 7, Like(1), Like(2), Like(3)), TestLake.Entry(TestLake.StartMs + 1, 10, Like(4)));

        Keys("like").Should().Equal("4");
        (staged.ToOffset, staged.Lost).Should().Be((11, 0));
    }

    [Fact]
    public async Task Of_an_entry_that_is_committed_in_part_the_rest_is_written()
    {
        var staged = await _lake.WriteAsync(fromOffset: 10, TestLake.Entry(TestLake.StartMs, 8, Like(1), Like(2), Like(3)));

        Keys("like").Should().Equal("3");
        (staged.ToOffset, staged.Lost).Should().Be((11, 0));
    }

    [Fact]
    public async Task Records_that_the_log_skips_are_counted_as_lost()
    {
        var staged = await _lake.WriteAsync(
            fromOffset: 5, TestLake.Entry(TestLake.StartMs, 8, Like(1)), TestLake.Entry(TestLake.StartMs + 1, 9, Like(2)), TestLake.Entry(TestLake.StartMs + 2, 20, Like(3)));

        (staged.ToOffset, staged.Lost).Should().Be((21, 13));
        Keys("like").Should().Equal("1", "2", "3");
    }

    [Fact]
    public async Task A_window_of_heartbeats_has_no_file_and_still_moves_the_position()
    {
        var beat = new LogEntry(new LogEntryId(TestLake.StartMs, 0), "log", 4, 0, new SourcePosition("mock", 7), false, false, Array.Empty<byte>());

        var staged = await _lake.WriteAsync(fromOffset: 4, beat, beat with { Id = new LogEntryId(TestLake.StartMs, 1), Position = null });

        staged.Files.Should().BeEmpty();
        (staged.ToOffset, staged.Lost, staged.Position, staged.LastId)
            .Should().Be((4, 0, new SourcePosition("mock", 7), new LogEntryId(TestLake.StartMs, 1)));
    }

    [Fact]
    public async Task A_row_group_never_has_more_rows_than_it_may()
    {
        Use(new LakeOptions { RowGroupRows = 100 });

        await _lake.WriteAsync([.. Batches(1_050, 70)]);

        RowGroups("like").Should().Equal([.. Enumerable.Repeat(100L, 10), 50L]);
        Keys("like").Should().Equal(Enumerable.Range(0, 1_050).Select(i => $"{i}"));
    }

    [Fact]
    public async Task Large_events_fill_a_row_group_by_their_bytes()
    {
        const int Large = 100_000;
        Use(new LakeOptions { RowGroupBytes = 1_000_000 });

        await _lake.WriteAsync([.. Enumerable.Range(0, 60).Select(i => TestLake.Entry(TestLake.StartMs + i, i, Post(i, $$"""{"text":"{{new string('x', Large)}}"}""")))]);

        RowGroups("post").Should().HaveCountGreaterThan(4).And.OnlyContain(rows => rows <= 12);
        _lake.Reader.Count("post").Should().Be(60);
    }

    [Fact]
    public async Task Many_files_together_keep_to_the_memory_they_have()
    {
        Use(new LakeOptions { BufferBytes = 2_000_000 });
        var events = Enumerable.Range(0, 100).Select(i => TestLake.Entry(
            TestLake.StartMs + i, i, Post(i, $$"""{"text":"{{new string('x', 100_000)}}"}""", StartUs + (i % 7 * Hour))));

        await _lake.WriteAsync([.. events]);

        RowGroups("post").Should().HaveCountGreaterThan(7, "files were flushed before the window was complete").And.OnlyContain(rows => rows <= 22);
        _lake.Reader.Count("post").Should().Be(100);
    }

    [Fact]
    public async Task The_same_entries_give_the_same_bytes_however_often_they_are_written()
    {
        Use(new LakeOptions { RowGroupRows = 300 });
        var events = MockEvents.Archived(3_000);
        var entries = events.Chunk(100).Select((chunk, i) => TestLake.Entry(TestLake.StartMs + i, i * 100, chunk)).ToArray();
        async Task<List<byte[]>> WriteAsync() => [.. (await _lake.WriteAsync(entries)).Files.Select(f => _lake.Read(f.Name.RelativePath))];

        var first = await WriteAsync();
        var again = await WriteAsync();
        Use(new LakeOptions { RowGroupRows = 300 });
        var elsewhere = await WriteAsync();

        first.Should().HaveCountGreaterThan(4);
        again.Zip(first).Should().OnlyContain(p => p.First.SequenceEqual(p.Second));
        elsewhere.Zip(first).Should().OnlyContain(p => p.First.SequenceEqual(p.Second));
    }

    [Fact]
    public async Task How_the_log_cut_its_batches_does_not_show_in_the_files()
    {
        Use(new LakeOptions { RowGroupRows = 100 });
        var first = (await _lake.WriteAsync([.. Batches(950, 70)])).Files.Select(f => _lake.Read(f.Name.RelativePath)).Single();

        var other = (await _lake.WriteAsync([.. Batches(950, 33)])).Files.Select(f => _lake.Read(f.Name.RelativePath)).Single();

        other.Should().Equal(first);
    }

    public void Dispose() => _lake.Dispose();

    private static IEnumerable<LogEntry> Batches(int events, int size) => Enumerable.Range(0, events).Chunk(size)
        .Select(chunk => TestLake.Entry(TestLake.StartMs + chunk[0], chunk[0], chunk.Select(i => Like(i))));

    private static string Like(int key, long timeUs = StartUs, string type = "app.bsky.feed.like") =>
        Event(key, timeUs, type, $$"""{"$type":"{{type}}","createdAt":"2026-07-04T14:00:00Z"}""");

    private static string Post(int key, string record, long timeUs = StartUs) => Event(key, timeUs, "app.bsky.feed.post", record);

    private static string Event(int key, long timeUs, string type, string record) => string.Create(
        CultureInfo.InvariantCulture,
        $$$"""{"did":"did:plc:a","time_us":{{{timeUs}}},"kind":"commit","commit":{"rev":"r","operation":"create","collection":"{{{type}}}","rkey":"{{{key}}}","record":{{{record}}},"cid":"c"}}""");

    private void Use(LakeOptions options)
    {
        _lake.Dispose();
        _lake = new TestLake { Options = options };
    }

    private List<string> Keys(string table, string where = "true") =>
        [.. _lake.Reader.Query<string>($"SELECT rkey FROM {_lake.Reader.Source(table)} WHERE {where}")];

    private string Columns(string table) => string.Join(
        ", ", _lake.Reader.Columns(table).Where(c => c.Key is not ("year" or "month" or "day" or "hour" or "type")).Select(c => $"{c.Key} {c.Value}"));

    /// <summary>The rows of each row group, in order.</summary>
    private List<long> RowGroups(string table) =>
    [
        .. _lake.Reader.Query<long>(
            $"SELECT row_group_num_rows FROM parquet_metadata('{_lake.Root}/**/type={table}/*.parquet') WHERE column_id = 0 ORDER BY file_name, row_group_id"),
    ];
}
