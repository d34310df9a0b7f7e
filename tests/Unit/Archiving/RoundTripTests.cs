using System.Text;
using CsCheck;
using FluentAssertions;
using Pipeline.Archiving;
using Pipeline.Events;
using Pipeline.Tests.Harness.Lake;
using Xunit;

namespace Pipeline.Tests.Unit.Archiving;

/// <summary>Every event that is archived can be had back from its row.</summary>
public sealed class RoundTripTests
{
    [Fact]
    public async Task Any_event_comes_back_from_its_row_however_odd_its_record() =>
        await OddEvents.AnyBytes.Array[1, 40].SampleAsync(
            async events =>
            {
                var archived = await RestoresAsync([.. events]);
                archived.Should().Be(events.Length, "the generator makes events of the archived types only");
            },
            iter: 60,
            threads: 1,
            print: events => string.Join('\n', events.Select(Encoding.UTF8.GetString)));

    [Theory]
    [InlineData("""{"$type":"app.bsky.feed.post","$untyped":true}""")]
    [InlineData("""{"$untyped":true}""")]
    [InlineData("""{"$untyped":false,"$untyped":true}""")]
    [InlineData("""{}""")]
    [InlineData("""{"$type":"app.bsky.feed.post","$type":"other"}""")]
    [InlineData("""{"$type":"other","$type":"app.bsky.feed.post"}""")]
    [InlineData("""{"$type":null}""")]
    [InlineData("""{"$type":"\ud83dapp.bsky.feed.post"}""")]
    public async Task The_type_of_a_record_comes_back_whatever_it_says_of_it(string record) => await RestoresAsync([Post(record)]);

    [Theory]
    [InlineData("""{"\ud83d and more than the name of any column":1}""")]
    [InlineData("""{"$type":"app.bsky.feed.post","reply":{"\ud83droot":1}}""")]
    [InlineData("""{"$type":"app.bsky.feed.post","reply":{"root":{"\udc00uri":"","cid":""},"parent":{"uri":"","cid":""}}}""")]
    [InlineData("""{"$type":"app.bsky.feed.post","text":"half a \ud83d pair","langs":["\ud83d"],"createdAt":"\uDC00"}""")]
    public async Task Half_a_surrogate_pair_in_a_record_stops_nothing(string record) => await RestoresAsync([Post(record)]);

    [Theory]
    [InlineData("""{"langs":[]}""")]
    [InlineData("""{"langs":null}""")]
    [InlineData("""{"langs":["en",""]}""")]
    [InlineData("""{"langs":["日本",null]}""")]
    [InlineData("""{"langs":["日本","en"]}""")]
    [InlineData("""{"langs":"en"}""")]
    [InlineData("""{"text":"","facets":null,"embed":[]}""")]
    [InlineData("""{"reply":{"root":{"uri":"u","cid":"c"}}}""")]
    [InlineData("""{"reply":{"root":{"uri":"","cid":""},"parent":{"uri":"u","cid":"c"}}}""")]
    public async Task An_absent_member_an_empty_one_and_one_of_another_type_stay_different(string record) =>
        await RestoresAsync([Post(record), Post("{}"), Post(record)]);

    [Fact]
    public async Task Events_of_the_mock_come_back_from_their_rows()
    {
        await RestoresAsync(MockEvents.Archived(5_000));
    }

    [Fact]
    public async Task Real_events_come_back_from_their_rows()
    {
        var folder = Environment.GetEnvironmentVariable("JETSTREAM_SAMPLES") ?? Harness.Repository.File("..", "shared", "samples");
        var file = Path.Combine(folder, "jetstream-events.jsonl");
        Assert.SkipUnless(File.Exists(file), $"No real events at '{file}': set JETSTREAM_SAMPLES to the folder of jetstream-events.jsonl.");
        var events = (await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken)).Select(Encoding.UTF8.GetBytes).ToList();

        var archived = await RestoresAsync(events);

        archived.Should().BeGreaterThan(500);
    }

    private static byte[] Post(string record) => Encoding.UTF8.GetBytes(
        """{"did":"did:plc:a","time_us":1783173600000000,"kind":"commit","commit":{"rev":"r","operation":"create","collection":"app.bsky.feed.post","rkey":"k","record":"""
        + record + "}}");

    /// <summary>Archives those of the five types and compares; how many there were.</summary>
    private static async Task<int> RestoresAsync(List<byte[]> events)
    {
        var parser = new EventParser(new EventLimits());
        var archived = events.Where(e => parser.Parse(e).Kind == EventKind.Archived).ToList();
        using var lake = new TestLake { Options = new LakeOptions { Window = TimeSpan.FromHours(1) } };
        await lake.WriteAsync(TestLake.Entry(TestLake.StartMs, 0, archived));

        var restored = lake.Reader.RestoreEvents().Select(CanonicalJson.Of).Order(StringComparer.Ordinal).ToList();
        var expected = archived.Select(e => CanonicalJson.Of(e)).Order(StringComparer.Ordinal).ToList();
        restored.Except(expected).Should().BeEmpty();
        restored.Should().Equal(expected);
        return archived.Count;
    }
}
