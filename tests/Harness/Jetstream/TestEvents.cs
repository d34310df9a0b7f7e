using System.Globalization;

namespace Pipeline.Tests.Harness.Jetstream;

/// <summary>Small, valid, distinguishable events: the nth like, at a microsecond of the test's choosing.</summary>
public static class TestEvents
{
    /// <summary>2026-01-01T00:00:00Z.</summary>
    public const long EpochUs = 1_767_225_600_000_000;

    /// <summary>The nth of a series, one every 1,000 µs unless told otherwise.</summary>
    public static string Like(int n, long stepUs = 1_000) => Like(n, "app.bsky.feed.like", EpochUs + (n * stepUs));

    public static string Like(int n, string collection, long timeUs) => string.Create(CultureInfo.InvariantCulture,
        $$$"""{"did":"did:plc:test{{{n}}}","time_us":{{{timeUs}}},"kind":"commit","commit":{"rev":"3l{{{n}}}","operation":"create","collection":"{{{collection}}}","rkey":"3k{{{n}}}","record":{"$type":"{{{collection}}}","createdAt":"2026-01-01T00:00:00Z","subject":{"cid":"bafy","uri":"at://did:plc:x/app.bsky.feed.post/1"}},"cid":"bafy{{{n}}}"}}""");

    public static IEnumerable<string> Likes(int start, int count, long stepUs = 1_000) => Enumerable.Range(start, count).Select(n => Like(n, stepUs));
}
