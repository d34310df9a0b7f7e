namespace Pipeline.Sources.Mock;

/// <summary>Writes posts: the text first, aside, since its facets stand before it on the wire.</summary>
internal sealed class MockPost(MockPopulation people)
{
    private readonly MockText _text = new(people);

    public void Write(in MockCommit commit, int operation, Timestamp created, WireBuffer json, MockRandom random)
    {
        var language = MockLanguage.Draw(random);
        _text.Compose(language, random);

        json.Json($$"""
            {"$type":"app.bsky.feed.post","createdAt":"{{created}}"
            """);
        var reply = operation > 0 || random.Chance(0.5);
        WriteEmbed(reply ? 0.1 : 0.4, commit.Time, json, random);
        _text.WriteFacets(json);
        if (random.Chance(0.015))
            json.AppendAscii(""","labels":{"$type":"com.atproto.label.defs#selfLabels","values":[{"val":"nudity"}]}""");
        if (random.Chance(0.97))
            json.Json($$"""
                ,"langs":["{{language.Code}}"]
                """);
        if (reply)
            WriteReply(commit, operation, json, random);
        if (random.Chance(0.01))
            json.Json($$"""
                ,"tags":["{{random.Pick(language.Words)}}","{{random.Pick(language.Words)}}"]
                """);
        json.AppendAscii(",\"text\":\"");
        json.Append(_text.Json);
        json.AppendAscii("\"}");
    }

    /// <summary>The operations of one commit are a thread: each replies to the one before.</summary>
    private void WriteReply(in MockCommit commit, int operation, WireBuffer json, MockRandom random)
    {
        var own = operation > 0;
        var root = own ? Own(commit, 0) : people.PopularPost(random, commit.Time);
        var parent = own ? Own(commit, operation - 1) : random.Chance(0.68) ? root : people.PopularPost(random, commit.Time);
        json.Json($$""","reply":{"parent":{{parent}},"root":{{root}}""");
        json.Append((byte)'}');
    }

    private static RecordRef Own(in MockCommit commit, int operation) =>
        new(commit.Author, "app.bsky.feed.post", commit.KeyOf(operation), commit.CidOf(operation));

    private void WriteEmbed(double share, long now, WireBuffer json, MockRandom random)
    {
        if (!random.Chance(share))
            return;

        json.AppendAscii(",\"embed\":");
        switch (random.Below(100))
        {
            case < 50:
                WriteImages(json, random);
                break;
            case < 75:
                WriteExternal(json, random);
                break;
            case < 93:
                json.Json($$"""{"$type":"app.bsky.embed.record","record":{{people.PopularPost(random, now)}}""");
                json.Append((byte)'}');
                break;
            default:
                json.Json($$$"""
                    {"$type":"app.bsky.embed.video","aspectRatio":{"height":{{{random.Between(360, 1920)}}},"width":{{{random.Between(360, 1920)}}}},"video":{{{Blob.Video(random)}}}}
                    """);
                break;
        }
    }

    private static void WriteImages(WireBuffer json, MockRandom random)
    {
        json.AppendAscii("""{"$type":"app.bsky.embed.images","images":[""");
        for (var left = 1 + (int)(random.Fraction() * random.Fraction() * 4); left > 0; left--)
        {
            json.AppendAscii("{\"alt\":\"");
            if (random.Chance(0.3))
                MockText.WriteWords(json, random, random.Between(2, 20));
            json.Json($$$"""
                ","aspectRatio":{"height":{{{random.Between(400, 2000)}}},"width":{{{random.Between(400, 2000)}}}},"image":{{{Blob.Image(random)}}}}
                """);
            if (left > 1)
                json.Append((byte)',');
        }

        json.AppendAscii("]}");
    }

    private static void WriteExternal(WireBuffer json, MockRandom random)
    {
        json.AppendAscii("{\"$type\":\"app.bsky.embed.external\",\"external\":{\"description\":\"");
        MockText.WriteWords(json, random, random.Between(0, 24));
        json.Json($$"""
            ","thumb":{{Blob.Image(random)}},"title":"
            """);
        MockText.WriteWords(json, random, random.Between(3, 12));
        json.AppendAscii("\",\"uri\":\"");
        new MockLink(random.Next()).WriteTo(json);
        json.AppendAscii("\"}}");
    }
}
