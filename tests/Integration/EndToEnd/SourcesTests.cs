using System.Text;
using FluentAssertions;
using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Buffering;
using Pipeline.Sources;
using Pipeline.Sources.Mock;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Jetstream;
using Pipeline.Tests.Harness.Pipelines;
using Xunit;

namespace Pipeline.Tests.Integration.EndToEnd;

public sealed class SourcesTests(RedisFixture redis)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_event_of_the_mock_firehose_is_in_the_lake_exactly_once()
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        var options = new MockFirehoseOptions { Events = 20_000 };

        await rig.IngestAsync(new MockSource(options), Token);
        await rig.DrainAsync(Token);

        Expect.ExactlyOnce(rig, Expect.Sent(options));
    }

    [Fact]
    public async Task A_replayed_file_gives_each_event_once_and_keeps_its_rubbish_as_rejected_rows()
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        var events = TestEvents.Likes(0, 300).ToList();
        string[] rubbish = ["no json", "{\"did\":\"did:plc:x\"}", "[1,2", "{\"did\":\"did:plc:x\",\"time_us\":1,\"kind\":\"nothing\"}"];
        var file = Path.Combine(Directory.CreateTempSubdirectory("replay-").FullName, "events.jsonl");
        await File.WriteAllLinesAsync(file, [rubbish[0], .. events, .. events.Take(50), .. rubbish[1..]], Token);
        var stats = new IngestStats();

        await rig.IngestAsync(new FileReplaySource(new FileReplayOptions { Path = file }, TimeProvider.System), Token, stats);
        await rig.DrainAsync(Token);

        Expect.ExactlyOnce(rig, Expect.Sent(events));
        stats.Duplicates.Should().Be(50);
        using var lake = rig.Read();
        lake.Rows("rejected").Select(r => Encoding.UTF8.GetString(Bytes(r["raw"]))).Should().BeEquivalentTo(rubbish);
        lake.Rows("rejected").Select(r => (string)r["reason"]!).Should().BeEquivalentTo("malformed", "unknown_shape", "malformed", "unknown_shape");
    }

    [Fact]
    public async Task A_jetstream_that_aborts_repeats_and_reorders_gives_each_event_once()
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        var events = TestEvents.Likes(0, 4000, stepUs: 5_000).ToList();
        await using var jetstream = await FakeJetstream.StartAsync(new FakeJetstreamOptions { ReorderWindow = 8 });
        var abort = jetstream.Inject(new Fault(FaultKind.Abort) { Connection = 1, AfterMessages = 900 });
        var repeat = jetstream.Inject(new Fault(FaultKind.RepeatLast) { Connection = 2, AfterMessages = 700, Count = 200 });
        var stats = new IngestStats();
        var source = new JetstreamSource(
            new JetstreamOptions { Hosts = [jetstream.Address], ReconnectDelay = TimeSpan.FromMilliseconds(20), ReconnectDelayMax = TimeSpan.FromMilliseconds(200) },
            NullLogger<JetstreamSource>.Instance,
            TimeProvider.System);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);

        var ingesting = rig.IngestAsync(source, stop.Token, stats);
        await jetstream.WaitForConnectionAsync(1, Token);
        jetstream.Events.Append(events);
        await Eventually.TrueAsync("all events acknowledged", () => stats.Acknowledged >= events.Count);
        await stop.CancelAsync();
        await ingesting;
        await CloseAsync(rig);

        abort.Fired.Should().Be(1);
        repeat.Fired.Should().BePositive();
        stats.Duplicates.Should().BePositive();
        Expect.ExactlyOnce(rig, Expect.Sent(events));
    }

    private static async Task CloseAsync(PipelineRig rig)
    {
        await rig.CloseWindowsAsync();
        (await rig.Writer().WriteClosedWindowsAsync(drain: false, Token)).Should().BeTrue();
    }

    private static byte[] Bytes(object? value)
    {
        if (value is byte[] bytes) return bytes;
        using var copy = new MemoryStream();
        ((Stream)value!).CopyTo(copy);
        return copy.ToArray();
    }
}
