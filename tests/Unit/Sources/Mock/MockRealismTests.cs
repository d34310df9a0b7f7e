using System.Text.Json;
using FluentAssertions;
using Pipeline.Sources.Mock;
using Xunit;

namespace Pipeline.Tests.Unit.Sources.Mock;

/// <summary>The mock stands in for the real firehose in every measurement, so it has to weigh the same.</summary>
public sealed class MockRealismTests(ITestOutputHelper output)
{
    private static readonly Dictionary<string, int> MixOfTheSample = new()
    {
        ["create app.bsky.feed.like"] = 69,
        ["create app.bsky.feed.repost"] = 11,
        ["create app.bsky.feed.post"] = 10,
        ["create app.bsky.graph.follow"] = 6,
        ["delete app.bsky.graph.follow"] = 3,
        ["create app.bsky.graph.block"] = 1,
    };

    private static readonly Lazy<List<byte[]>> Mock = new(() => Read(40_000));

    [Fact]
    public void It_weighs_what_the_real_firehose_weighs()
    {
        var real = Measure("July 2026, real", RealEvents.July2026(), 100);
        var mock = Measure("mock", Mock.Value, 100);

        mock.Bytes.Should().BeApproximately(real.Bytes, real.Bytes * 0.05);
        mock.Compressed.Should().BeApproximately(real.Compressed, real.Compressed * 0.10);
        mock.Tokens.Should().BeApproximately(real.Tokens, real.Tokens * 0.15);
    }

    [Fact]
    public void In_the_sample_s_own_mix_it_is_closer_still()
    {
        var real = Measure("July 2026, real", RealEvents.July2026(), 100);
        var mock = Measure("mock, same mix", InMixOfTheSample(Mock.Value), 100);

        mock.Bytes.Should().BeApproximately(real.Bytes, real.Bytes * 0.03);
        mock.Compressed.Should().BeApproximately(real.Compressed, real.Compressed * 0.05);
        mock.Tokens.Should().BeApproximately(real.Tokens, real.Tokens * 0.05);
    }

    [Theory]
    [InlineData("create app.bsky.feed.like", 60)]
    [InlineData("create app.bsky.graph.follow", 60)]
    [InlineData("create app.bsky.feed.repost", 10)]
    [InlineData("create app.bsky.feed.post", 10)]
    public void Each_kind_costs_about_as_much_to_parse(string kind, int frame)
    {
        List<byte[]> all = [.. RealEvents.July2026(), .. RealEvents.November2024()];
        var real = Measure($"{kind}, both samples", [.. all.Where(e => Kind(e) == kind)], frame);
        var mock = Measure($"{kind}, mock", [.. Mock.Value.Where(e => Kind(e) == kind).Take(4_000)], frame);

        mock.Tokens.Should().BeApproximately(real.Tokens, real.Tokens * 0.10);
    }

    private static List<byte[]> InMixOfTheSample(List<byte[]> events)
    {
        var kinds = events.GroupBy(Kind).ToDictionary(group => group.Key, group => group.ToList());
        return [.. Enumerable.Range(0, 30).SelectMany(frame =>
            MixOfTheSample.SelectMany(share => kinds[share.Key].Skip(frame * share.Value).Take(share.Value)).OrderBy(e => e[^12]))];
    }

    private static List<byte[]> Read(int count)
    {
        var reader = new MockFirehose(new MockFirehoseOptions()).From(0);
        var events = new List<byte[]>(count);
        while (events.Count < count && reader.Next())
            events.Add(reader.Current.ToArray());
        return events;
    }

    private static string Kind(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.TryGetProperty("commit", out var commit)
            ? $"{commit.GetProperty("operation").GetString()} {commit.GetProperty("collection").GetString()}"
            : document.RootElement.GetProperty("kind").GetString()!;
    }

    private EventWeight Measure(string name, List<byte[]> events, int frame)
    {
        var weight = EventWeight.Of(events, frame);
        output.WriteLine($"{name,-48}{weight}");
        return weight;
    }
}
