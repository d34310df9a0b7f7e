using System.Text;
using FluentAssertions;
using Pipeline.Archiving.Verifying;
using Pipeline.Events;
using Pipeline.Sources.Mock;
using Xunit;

namespace Pipeline.Tests.Unit.Archiving.Verifying;

public sealed class LakeDigestTests : IDisposable
{
    private readonly SmallLake _lake = new(rowGroupRows: 500);

    public void Dispose() => _lake.Dispose();

    [Fact]
    public async Task The_lakes_digest_is_that_of_the_events_that_were_sent()
    {
        var events = Generate(20_000);
        var sent = DigestOf(events);
        for (var at = 0; at < events.Count; at += 5_000)
        {
            await _lake.WriteAsync(Wire.Noon.AddMinutes(at / 1000), [.. events.Skip(at).Take(5_000)]);
        }

        var report = await _lake.VerifyAsync();

        report.Findings.Should().BeEmpty();
        report.Digest.Differences(sent).Should().BeEmpty();
        report.Digest.Total.Should().Be(sent.Total);
        sent.Total.Rows.Should().BeGreaterThan(10_000);
        EventTypes.All.Should().OnlyContain(t => sent[t].Rows > 0);
    }

    [Fact]
    public void Order_does_not_matter()
    {
        var events = Generate(1_000);

        DigestOf(events).Total.Should().Be(DigestOf([.. events.AsEnumerable().Reverse()]).Total);
    }

    [Theory]
    [InlineData("\"did\":\"did:plc:alice\"", "\"did\":\"did:plc:carol\"")]
    [InlineData("\"time_us\":1783166400000000", "\"time_us\":1783166400000001")]
    [InlineData("\"cid\":\"bafya\"", "\"cid\":\"bafyb\"")]
    [InlineData("\"rkey\":\"a\"", "\"rkey\":\"b\"")]
    [InlineData("\"rev\":\"3krev\"", "\"rev\":\"3kreu\"")]
    [InlineData("\"operation\":\"create\"", "\"operation\":\"update\"")]
    public void Any_part_of_an_event_that_changes_shows_in_its_type(string was, string becomes)
    {
        var before = Encoding.UTF8.GetString(Wire.Post("a"));
        var after = before.Replace(was, becomes, StringComparison.Ordinal);
        after.Should().NotBe(before);

        DigestOf([Encoding.UTF8.GetBytes(before)]).Differences(DigestOf([Encoding.UTF8.GetBytes(after)])).Should().Equal(EventType.Post);
    }

    [Fact]
    public void An_event_too_many_shows() =>
        DigestOf([Wire.Post("a")]).Differences(DigestOf([Wire.Post("a"), Wire.Post("a")])).Should().Equal(EventType.Post);

    private static List<byte[]> Generate(int count)
    {
        var events = new List<byte[]>(count);
        var reader = new MockFirehose(new MockFirehoseOptions { Start = Wire.Noon, Events = count }).From(0);
        while (reader.Next())
        {
            if (new EventParser(new EventLimits()).Parse(reader.Current).Kind == EventKind.Archived) events.Add(reader.Current.ToArray());
        }

        return events;
    }

    private static LakeDigest DigestOf(IEnumerable<byte[]> events)
    {
        var digest = new LakeDigest();
        var parser = new EventParser(new EventLimits());
        foreach (var json in events) digest.Add(parser.Parse(json));
        return digest;
    }
}
