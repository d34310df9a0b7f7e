using System.Text;
using DuckDB.NET.Data;
using FluentAssertions;
using Pipeline.Sources;
using Pipeline.Sources.Mock;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Jetstream;
using Pipeline.Tests.Harness.Pipelines;
using Pipeline.Tests.Integration.EndToEnd;
using Xunit;

namespace Pipeline.Tests.Integration.Harness;

/// <summary>The detector detects: everything that the matrix relies on being noticed is planted here, and noticed.</summary>
public sealed class InvariantTests(RedisFixture redis)
{
    private const int Events = 2_000;

    private static readonly MockFirehoseOptions _options = new() { Events = Events };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sound_archive_satisfies_it()
    {
        await using var rig = await ArchiveAsync();

        var report = await CheckAsync(rig);

        report.Violations.Should().BeEmpty();
        report.Rows.Should().Be(Expect.Ledger(_options).Count);
    }

    [Fact]
    public async Task A_missing_row_is_noticed()
    {
        await using var rig = await ArchiveAsync();
        Rewrite(FileOf(rig, "like"), "SELECT * FROM rows OFFSET 1");

        (await CheckAsync(rig)).Violations.Should().Contain(v => v.StartsWith("1 events are missing and 0 were counted as lost"));
    }

    [Fact]
    public async Task A_doubled_row_is_noticed()
    {
        await using var rig = await ArchiveAsync();
        Rewrite(FileOf(rig, "like"), "SELECT * FROM rows UNION ALL (SELECT * FROM rows LIMIT 1)");

        (await CheckAsync(rig)).Violations.Should().Contain(v => v.StartsWith("1 events are there more than once"));
    }

    [Fact]
    public async Task A_row_that_nobody_sent_is_noticed()
    {
        await using var rig = await ArchiveAsync();

        var sent = SentLedger.Of(Messages().Skip(1));

        var report = await Invariant.CheckAsync(rig, new Produced(sent), Token);

        report.Violations.Should().Contain(v => v.StartsWith("1 events were never produced"));
    }

    [Theory]
    [InlineData("post", "time_us", "time_us + 1")]
    [InlineData("post", "cid", "cid || 'x'")]
    [InlineData("post", "created_at", "NULL")]
    [InlineData("post", "text", "text || ' '")]
    [InlineData("post", "langs", "['xx']")]
    [InlineData("post", "reply_root_uri", "'at://elsewhere'")]
    [InlineData("post", "reply_parent_cid", "'elsewhere'")]
    [InlineData("post", "facets", "'[]'")]
    [InlineData("post", "embed", "'{}'")]
    [InlineData("post", "extra", "'{\"added\":1}'")]
    [InlineData("post", "envelope", "'{\"added\":1}'")]
    [InlineData("like", "subject_uri", "subject_uri || 'x'")]
    [InlineData("like", "subject_cid", "NULL")]
    [InlineData("follow", "subject", "'did:plc:somebodyelse'")]
    [InlineData("like", "created_at", "'2026-01-01T00:00:00Z'", "delete")]
    public async Task One_changed_column_of_one_row_is_noticed(string table, string column, string value, string operation = "create")
    {
        await using var rig = await ArchiveAsync();
        Rewrite(FileOf(rig, table), $"SELECT * REPLACE (CASE WHEN row_number() OVER (ORDER BY operation != '{operation}') = 1 THEN {value} ELSE {column} END AS {column}) FROM rows");

        (await CheckAsync(rig)).Violations.Should().Contain(v => v.StartsWith("1 rows say something else than the event that was sent"));
    }

    [Fact]
    public async Task A_file_that_does_not_open_is_noticed()
    {
        await using var rig = await ArchiveAsync();
        var file = FileOf(rig, "post");
        await File.WriteAllBytesAsync(file, (await File.ReadAllBytesAsync(file, Token))[..^100], Token);

        (await CheckAsync(rig)).Violations.Should().Contain(v => v.StartsWith("verify:") && v.Contains("Unreadable"))
            .And.Contain(v => v.StartsWith("the lake cannot be read"));
    }

    [Fact]
    public async Task A_changed_byte_that_leaves_a_file_readable_is_noticed()
    {
        await using var rig = await ArchiveAsync();
        var file = FileOf(rig, "block");
        Rewrite(file, "SELECT * FROM rows");

        (await CheckAsync(rig)).Violations.Should().Contain(v => v.StartsWith("verify:") && v.Contains(Path.GetFileName(file)));
    }

    [Fact]
    public async Task A_file_that_was_left_behind_is_noticed()
    {
        await using var rig = await ArchiveAsync();
        var left = Path.Combine(rig.Lake.Path, "_pipeline", "staging", "gone", "1-like.tmp");
        Directory.CreateDirectory(Path.GetDirectoryName(left)!);
        await File.WriteAllTextAsync(left, "half a file", Token);

        (await CheckAsync(rig)).Violations.Should().Contain(v => v.Contains("temporary files were left"));
    }

    [Fact]
    public async Task Records_that_are_still_in_the_log_are_noticed()
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        await rig.IngestAsync(new MockSource(_options), Token);

        (await CheckAsync(rig)).Violations.Should().Contain(v => v.Contains("is not drained")).And.Contain(v => v.Contains("still holds entry"))
            .And.Contain(v => v.StartsWith("nothing was compared"));
    }

    [Theory]
    [InlineData("appended:like", "the log counted * appended*")]
    [InlineData("committed:like", "the lake holds * rows of like, the log counted * committed ones")]
    [InlineData("lost:records", "0 events are missing and 1 were counted as lost*")]
    [InlineData("skipped:identity", "2000 messages were produced, 2001 were counted")]
    public async Task A_counter_that_is_off_by_one_is_noticed(string counter, string violation)
    {
        await using var rig = await ArchiveAsync();
        await rig.Database.HashIncrementAsync(rig.Logs[0].Keys.State, counter);

        (await CheckAsync(rig)).Violations.Should().ContainMatch(violation);
    }

    [Fact]
    public async Task A_rejected_message_that_is_missing_or_another_is_noticed()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("replay-").FullName, "events.jsonl");
        await File.WriteAllLinesAsync(file, ["no json", .. TestEvents.Likes(0, 10)], Token);
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        await rig.IngestAsync(new FileReplaySource(new FileReplayOptions { Path = file }, TimeProvider.System), Token);
        await rig.DrainAsync(Token);
        var sent = new Produced(SentLedger.Of(TestEvents.Likes(0, 10).Select(e => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(e))));

        (await Invariant.CheckAsync(rig, sent with { Rejected = [RejectedMessage.Of("malformed", "no json"u8)] }, Token)).Violations.Should().BeEmpty();
        var other = await Invariant.CheckAsync(rig, sent with { Rejected = [RejectedMessage.Of("malformed", "not json"u8)] }, Token);

        other.Violations.Should().Contain(v => v.StartsWith("1 rejected messages have no row")).And.Contain(v => v.StartsWith("1 rejected rows are there too often"));
    }

    [Fact]
    public async Task An_empty_lake_is_no_proof()
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);

        (await Invariant.CheckAsync(rig, new Produced(new SentLedger()), Token)).Violations.Should().Contain(v => v.StartsWith("nothing was compared"));
    }

    /// <summary>The events of the five types as they were sent.</summary>
    private static List<ReadOnlyMemory<byte>> Messages()
    {
        var messages = new List<ReadOnlyMemory<byte>>();
        for (var reader = new MockFirehose(_options).From(0); reader.Next();)
        {
            if (SentEvents.Identity(reader.Current) is not null) messages.Add(reader.Current.ToArray());
        }

        return messages;
    }

    private static Task<InvariantReport> CheckAsync(PipelineRig rig) => Invariant.CheckAsync(rig, new Produced(Expect.Ledger(_options)) { Messages = Events }, Token);

    private static string FileOf(PipelineRig rig, string table) =>
        Directory.EnumerateFiles(rig.Lake.Path, $"{table}-*.parquet", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();

    /// <summary>Replaces a file by the result of a query over its rows, written by DuckDB.</summary>
    private static void Rewrite(string file, string query)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"COPY (WITH rows AS (SELECT * FROM read_parquet('{file}', hive_partitioning=false)) {query}) TO '{file}.new' (FORMAT parquet, COMPRESSION zstd)";
        command.ExecuteNonQuery();
        File.Move(file + ".new", file, overwrite: true);
    }

    private async Task<PipelineRig> ArchiveAsync()
    {
        var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        await rig.IngestAsync(new MockSource(_options), Token);
        await rig.DrainAsync(Token);
        return rig;
    }
}
