namespace Pipeline.Sources.Mock;

/// <summary>Writes the record of each kind, keys in alphabetical order as on the wire.</summary>
internal sealed class MockRecords(MockPopulation people)
{
    private const long Year2012 = 1_340_000_000_000_000;
    private const long Minute = 60_000_000;
    private readonly MockPost _post = new(people);

    public void Write(in MockCommit commit, int operation, WireBuffer json, MockRandom random)
    {
        var created = Created(commit.Rev.Micros, random);
        switch (commit.Kind)
        {
            case MockKind.Like:
                WriteReaction("app.bsky.feed.like", 0.172, created, commit.Time, json, random);
                break;
            case MockKind.Repost:
                WriteReaction("app.bsky.feed.repost", 0.395, created, commit.Time, json, random);
                break;
            case MockKind.Follow:
                json.Json($$"""{"$type":"app.bsky.graph.follow","createdAt":"{{created}}","subject":"{{people.Someone(random)}}"}""");
                break;
            case MockKind.Block:
                json.Json($$"""{"$type":"app.bsky.graph.block","createdAt":"{{created}}","subject":"{{people.Someone(random)}}"}""");
                break;
            case MockKind.ListItem:
                json.Json($$"""
                    {"$type":"app.bsky.graph.listitem","createdAt":"{{created}}","list":"at://{{commit.Author}}/app.bsky.graph.list/{{MockPopulation.EarlierKey(random, commit.Time, 0)}}","subject":"{{people.Someone(random)}}"}
                    """);
                break;
            case MockKind.Threadgate:
                json.Json($$"""
                    {"$type":"app.bsky.feed.threadgate","allow":[{"$type":"app.bsky.feed.threadgate#followingRule"}],"createdAt":"{{created}}","hiddenReplies":[],"post":"at://{{commit.Author}}/app.bsky.feed.post/{{commit.KeyOf(operation)}}"}
                    """);
                break;
            case MockKind.Profile:
                WriteProfile(commit, json, random);
                break;
            default:
                _post.Write(commit, operation, created, json, random);
                break;
        }
    }

    /// <summary>Clients' clocks: a second or so early, now and then a little late, and some nowhere near.</summary>
    private static Timestamp Created(long rev, MockRandom random)
    {
        var drawn = random.Below(2_000);
        var micros = drawn switch
        {
            0 => Year2012 + random.Below(1_000_000_000),
            1 => rev + random.Between(1, 44) * Minute,
            < 10 => rev - random.Between(1, 3_000) * Minute,
            < 200 => rev + random.Below(1_500_000),
            _ => rev - random.Below(1_000_000),
        };
        var style = random.Below(1_000) switch
        {
            < 8 => TimestampStyle.Offset,
            < 16 => TimestampStyle.Micros,
            < 20 => TimestampStyle.Seconds,
            _ => TimestampStyle.Millis,
        };
        return new Timestamp(micros, style);
    }

    private void WriteReaction(string type, double viaShare, Timestamp created, long now, WireBuffer json, MockRandom random)
    {
        json.Json($$"""{"$type":"{{type}}","createdAt":"{{created}}","subject":{{people.PopularPost(random, now)}}""");
        if (random.Chance(viaShare))
            json.Json($$""","via":{{people.SomeRepost(random, now)}}""");
        json.Append((byte)'}');
    }

    private static void WriteProfile(in MockCommit commit, WireBuffer json, MockRandom random)
    {
        var joined = new Timestamp(MockPopulation.EarlierKey(random, commit.Time, 0).Micros, TimestampStyle.Millis);
        json.Json($$"""
            {"$type":"app.bsky.actor.profile","avatar":{{Blob.Image(random)}},"createdAt":"{{joined}}","description":"
            """);
        MockText.WriteWords(json, random, random.Between(1, 12));
        json.AppendAscii("\",\"displayName\":\"");
        MockText.WriteName(json, random);
        json.AppendAscii("\"}");
    }
}
