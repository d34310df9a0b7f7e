using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FluentAssertions;
using Pipeline.Sources.Mock;
using Xunit;

namespace Pipeline.Tests.Unit.Sources.Mock;

public sealed partial class MockEventTests
{
    private static readonly List<MockEvent> Events = [.. MockEvent.Read(new MockFirehoseOptions(), 60_000)];
    private static readonly List<MockEvent> Commits = [.. Events.Where(e => e.IsCommit)];

    [Fact]
    public void Every_event_has_the_keys_of_the_v1_wire_in_their_order()
    {
        Events.Select(e => Keys(e.Json)).Distinct().Should().BeEquivalentTo(
            "did,time_us,kind,commit", "did,time_us,kind,identity", "did,time_us,kind,account");
        Commits.Select(e => $"{e.Operation}:{Keys(e.Commit)}").Distinct().Should().BeEquivalentTo(
            "create:rev,operation,collection,rkey,record,cid", "update:rev,operation,collection,rkey,record,cid",
            "delete:rev,operation,collection,rkey");
        Events.Where(e => e.Kind == "identity").Select(e => Keys(e.Json.GetProperty("identity"))).Distinct()
            .Should().Equal("did,handle,seq,time");
        Events.Where(e => e.Kind == "account").Select(e => Keys(e.Json.GetProperty("account"))).Distinct()
            .Should().BeEquivalentTo("active,did,seq,time", "active,did,seq,status,time");
    }

    [Fact]
    public void Records_say_the_type_of_their_collection_and_sort_their_keys()
    {
        foreach (var e in Commits.Where(e => e.Operation != "delete"))
        {
            e.Record.GetProperty("$type").GetString().Should().Be(e.Collection);
            var keys = e.Record.EnumerateObject().Select(p => p.Name).ToList();
            keys.Should().Equal(keys.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Identifiers_are_well_formed()
    {
        foreach (var e in Events)
            e.Did.Should().MatchRegex(DidForm());
        foreach (var e in Commits)
        {
            e.Rev.Should().MatchRegex(TidForm());
            if (e.Rkey != "self")
                e.Rkey.Should().MatchRegex(TidForm());
            if (e.Operation != "delete")
                e.Commit.GetProperty("cid").GetString().Should().MatchRegex(CidForm());
        }
    }

    [Fact]
    public void A_subject_keeps_its_cid()
    {
        var subjects = Commits.Where(e => e.Operation == "create" && e.Collection is "app.bsky.feed.like" or "app.bsky.feed.repost")
            .Where(e => e.Operation != "delete").Select(e => e.Record.GetProperty("subject"))
            .Select(s => (Uri: s.GetProperty("uri").GetString(), Cid: s.GetProperty("cid").GetString())).ToList();

        subjects.Distinct().Should().OnlyHaveUniqueItems(s => s.Uri);
        subjects.GroupBy(s => s.Uri).Max(g => g.Count()).Should().BeGreaterThan(10, "popular posts are liked far more often");
    }

    [Fact]
    public void Facets_mark_whole_words_of_the_text_in_bytes_of_utf8()
    {
        var marked = 0;
        foreach (var record in Commits.Where(e => e.Collection == "app.bsky.feed.post" && e.Operation != "delete").Select(e => e.Record))
        {
            if (!record.TryGetProperty("facets", out var facets))
                continue;

            var text = Encoding.UTF8.GetBytes(record.GetProperty("text").GetString()!);
            foreach (var facet in facets.EnumerateArray())
            {
                var index = facet.GetProperty("index");
                var (start, end) = (index.GetProperty("byteStart").GetInt32(), index.GetProperty("byteEnd").GetInt32());
                var feature = facet.GetProperty("features")[0];
                var word = Encoding.UTF8.GetString(text[start..end]);
                if (feature.TryGetProperty("tag", out var tag))
                    word.Should().Be("#" + tag.GetString());
                else if (feature.TryGetProperty("uri", out var uri))
                    uri.GetString().Should().StartWith("https://" + word.TrimEnd('.'));
                else
                    word.Should().StartWith("@").And.EndWith(".bsky.social");
                marked++;
            }
        }

        marked.Should().BeGreaterThan(500);
    }

    [Fact]
    public void Posts_come_in_many_shapes()
    {
        var posts = Commits.Where(e => e.Collection == "app.bsky.feed.post" && e.Operation != "delete").Select(e => e.Record).ToList();

        posts.SelectMany(p => p.EnumerateObject()).Select(p => p.Name).Distinct().Should().BeEquivalentTo(
            "$type", "createdAt", "embed", "facets", "labels", "langs", "reply", "tags", "text");
        posts.Where(p => p.TryGetProperty("langs", out _)).Select(p => p.GetProperty("langs")[0].GetString()).Distinct()
            .Should().HaveCountGreaterThan(5);
        posts.Where(p => p.TryGetProperty("embed", out _)).Select(p => p.GetProperty("embed").GetProperty("$type").GetString()).Distinct()
            .Should().HaveCount(4);
        posts.Should().Contain(p => p.GetProperty("text").GetString()!.Any(char.IsSurrogate));
        posts.Should().Contain(p => p.GetProperty("text").GetString()!.Contains('"'));
        posts.Should().Contain(p => p.GetProperty("text").GetString()!.Contains('\n'));
        posts.Count(p => p.TryGetProperty("reply", out _)).Should().BeInRange(posts.Count * 4 / 10, posts.Count * 6 / 10);
    }

    [Fact]
    public void Clients_clocks_are_mostly_right_and_sometimes_absurd()
    {
        var ahead = Commits.Where(e => e.Operation == "create").Select(e => (e.Record.GetProperty("createdAt").GetDateTimeOffset()
            - DateTimeOffset.UnixEpoch.AddMicroseconds(e.TimeUs)).TotalSeconds).ToList();

        ahead.Count(s => s is > -3 and < 1.5).Should().BeGreaterThan(ahead.Count * 98 / 100);
        ahead.Should().Contain(s => s < -86_400 * 365 * 10).And.Contain(s => s > 60).And.OnlyContain(s => s < 45 * 60);
    }

    private static string Keys(JsonElement json) => string.Join(',', json.EnumerateObject().Select(p => p.Name));

    [GeneratedRegex("^did:plc:[a-z2-7]{24}$")]
    private static partial Regex DidForm();

    [GeneratedRegex("^[234567a-j][2-7a-z]{12}$")]
    private static partial Regex TidForm();

    [GeneratedRegex("^bafyrei[a-h][a-z2-7]{50}[aeimquy4]$")]
    private static partial Regex CidForm();
}
