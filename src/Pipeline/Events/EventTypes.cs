namespace Pipeline.Events;

/// <summary>The names that go with each <see cref="EventType"/>.</summary>
public static class EventTypes
{
    private static readonly string[] _names = ["post", "like", "repost", "follow", "block"];

    private static readonly string[] _collections =
        ["app.bsky.feed.post", "app.bsky.feed.like", "app.bsky.feed.repost", "app.bsky.graph.follow", "app.bsky.graph.block"];

    public static IReadOnlyList<EventType> All { get; } = Enum.GetValues<EventType>();

    /// <summary>The name used in paths, metrics and tables: <c>post</c>, <c>like</c>, ...</summary>
    public static string Name(this EventType type) => _names[(int)type];

    /// <summary>The record's collection, an NSID such as <c>app.bsky.feed.post</c>.</summary>
    public static string Collection(this EventType type) => _collections[(int)type];

    /// <summary>Finds the type of a collection; false when records of that collection are not archived.</summary>
    public static bool TryFromCollection(ReadOnlySpan<byte> collection, out EventType type)
    {
        type = EventType.Post;
        if (collection.SequenceEqual("app.bsky.feed.like"u8)) type = EventType.Like;
        else if (collection.SequenceEqual("app.bsky.graph.follow"u8)) type = EventType.Follow;
        else if (collection.SequenceEqual("app.bsky.feed.repost"u8)) type = EventType.Repost;
        else if (collection.SequenceEqual("app.bsky.graph.block"u8)) type = EventType.Block;
        else return collection.SequenceEqual("app.bsky.feed.post"u8);
        return true;
    }
}
