using FluentAssertions;
using Pipeline.Sources.Mock;
using Xunit;

namespace Pipeline.Tests.Unit.Sources.Mock;

public sealed class MockStreamTests
{
    private static readonly List<MockEvent> Events = [.. MockEvent.Read(new MockFirehoseOptions(), 100_000)];
    private static readonly List<MockEvent> Commits = [.. Events.Where(e => e.IsCommit)];

    [Theory]
    [InlineData(343, 300_000)]
    [InlineData(1_000_000, 100_000)]
    public void Every_identity_is_unique(int eventsPerSecond, int events)
    {
        var options = new MockFirehoseOptions { EventsPerSecond = eventsPerSecond };
        var seen = new HashSet<(string, string, string, string, string)>();

        foreach (var e in MockEvent.Read(options, events).Where(e => e.IsCommit))
            seen.Add((e.Did, e.Collection, e.Rkey, e.Rev, e.Operation)).Should().BeTrue($"event {e.Index} is the first of its identity");
    }

    [Theory]
    [InlineData("app.bsky.feed.like", 69)]
    [InlineData("app.bsky.feed.post", 12)]
    [InlineData("app.bsky.feed.repost", 10)]
    [InlineData("app.bsky.graph.follow", 6)]
    [InlineData("app.bsky.graph.block", 1)]
    [InlineData("app.bsky.actor.profile", 0.6)]
    [InlineData("app.bsky.graph.listitem", 0.4)]
    public void The_mix_is_that_of_July_2026(string collection, double percent) =>
        (Commits.Count(e => e.Collection == collection) * 100.0 / Events.Count).Should().BeApproximately(percent, 0.2 + (percent * 0.03));

    [Theory]
    [InlineData("app.bsky.feed.like", 1.5)]
    [InlineData("app.bsky.feed.post", 4)]
    [InlineData("app.bsky.feed.repost", 3)]
    [InlineData("app.bsky.graph.follow", 8)]
    public void Some_of_every_kind_are_deletes(string collection, double percent)
    {
        var ofKind = Commits.Where(e => e.Collection == collection).ToList();

        (ofKind.Count(e => e.Operation == "delete") * 100.0 / ofKind.Count).Should().BeApproximately(percent, 0.5 + (percent * 0.3));
    }

    [Theory]
    [InlineData("app.bsky.feed.post", 845)]
    [InlineData("app.bsky.feed.repost", 568)]
    [InlineData("app.bsky.feed.like", 528)]
    [InlineData("app.bsky.graph.follow", 394)]
    [InlineData("app.bsky.graph.block", 392)]
    public void Creates_are_as_large_as_the_real_ones(string collection, double bytes) =>
        Commits.Where(e => e.Collection == collection && e.Operation == "create").Average(e => e.Length)
            .Should().BeApproximately(bytes, bytes * 0.02);

    [Fact]
    public void An_event_is_549_bytes_on_average() => Events.Average(e => e.Length).Should().BeInRange(543, 555);

    [Fact]
    public void Posts_and_profiles_are_sometimes_updated() =>
        Commits.Where(e => e.Operation == "update").Select(e => e.Collection).Distinct()
            .Should().BeEquivalentTo("app.bsky.feed.post", "app.bsky.actor.profile");

    [Fact]
    public void The_operations_of_a_commit_share_its_author_rev_and_time()
    {
        var byRev = Commits.GroupBy(e => e.Rev).Where(g => g.Count() > 1).ToList();

        byRev.Should().HaveCountGreaterThan(200);
        byRev.Max(g => g.Count()).Should().BeInRange(15, 20);
        byRev.Should().OnlyContain(g => g.Select(e => e.Did).Distinct().Count() == 1 && g.Select(e => e.TimeUs).Distinct().Count() == 1);
        byRev.Should().OnlyContain(g => g.Last().Index - g.First().Index == g.Count() - 1, "they arrive together");
    }

    [Fact]
    public void Times_advance_at_the_rate_of_the_log_and_change_places_by_milliseconds_only()
    {
        var start = (new MockFirehoseOptions().Start - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        var stray = Events.Select(e => e.TimeUs - start - (e.Index * 1_000_000 / 343.0)).ToList();
        var backward = Events.Zip(Events.Skip(1)).Count(pair => pair.Second.TimeUs < pair.First.TimeUs);

        stray.Max().Should().BeLessThan(MockClock.MaxStrayMicros);
        stray.Min().Should().BeGreaterThan(-20 * 1_000_000 / 343.0, "only a commit's later operations are before their turn");
        backward.Should().BeInRange(Events.Count * 15 / 100, Events.Count * 30 / 100);
    }
}
