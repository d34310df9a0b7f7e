using System.Text;

namespace Pipeline.Tests.Unit.Archiving.Verifying;

/// <summary>Jetstream messages, made by hand.</summary>
internal static class Wire
{
    public static readonly DateTimeOffset Noon = new(2026, 7, 4, 12, 0, 0, TimeSpan.Zero);

    public static byte[] Post(string rkey, TimeSpan after = default, string operation = "create") =>
        Event("app.bsky.feed.post", rkey, after, operation, "\"text\":\"Hello, sky\",\"langs\":[\"en\",\"fr\"]");

    public static byte[] Like(string rkey, TimeSpan after = default) =>
        Event("app.bsky.feed.like", rkey, after, "create", "\"subject\":{\"cid\":\"bafysubject\",\"uri\":\"at://did:plc:bob/app.bsky.feed.post/1\"}");

    public static byte[] Follow(string rkey, TimeSpan after = default) =>
        Event("app.bsky.graph.follow", rkey, after, "create", "\"subject\":\"did:plc:bob\"");

    /// <summary>Several of every kind, deletes and a rejected one among them.</summary>
    public static byte[][] Mixture(string name, int count = 20) =>
    [
        .. Enumerable.Range(0, count).SelectMany(i => (byte[][])
        [
            Post($"{name}-{i}"), Like($"{name}-{i}"), Follow($"{name}-{i}"), Post($"{name}-{i}", operation: "delete"),
        ]),
        "not json"u8.ToArray(),
    ];

    private static byte[] Event(string collection, string rkey, TimeSpan after, string operation, string members)
    {
        var record = operation == "delete" ? "" : $$""","cid":"bafy{{rkey}}","record":{"$type":"{{collection}}","createdAt":"2026-07-04T12:00:00Z",{{members}}}""";
        var timeUs = (Noon + after).ToUnixTimeMilliseconds() * 1000;
        return Encoding.UTF8.GetBytes(
            $$"""{"did":"did:plc:alice","time_us":{{timeUs}},"kind":"commit","commit":{"rev":"3krev","operation":"{{operation}}", """ +
            $$""" "collection":"{{collection}}","rkey":"{{rkey}}"{{record}} """ + "}}");
    }
}
