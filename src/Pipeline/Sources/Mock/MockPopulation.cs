namespace Pipeline.Sources.Mock;

/// <summary>Who is there and what they have written: heavy-tailed, so that a few accounts and posts draw most of the attention.</summary>
internal sealed class MockPopulation(ulong seed)
{
    private const long Users = 4_000_000;
    private const long PostsAnHour = 20_000_000;
    private const long Hour = 3_600_000_000;

    public Did Someone(MockRandom random) => User(random.Fraction());

    /// <summary>A post worth a reaction. Each hour has its own popular posts, all older than the hour.</summary>
    public RecordRef PopularPost(MockRandom random, long now)
    {
        var fraction = random.Fraction();
        var square = fraction * fraction;
        var hour = now / Hour;
        var hash = MockRandom.Derive(MockRandom.Derive(seed, (ulong)hour), (ulong)(PostsAnHour * square * square));
        return Record(hash, "app.bsky.feed.post", hour * Hour);
    }

    /// <summary>The repost through which someone came upon a post.</summary>
    public RecordRef SomeRepost(MockRandom random, long now) => Record(random.Next(), "app.bsky.feed.repost", now - 1_000_000);

    /// <summary>Any earlier record's key: what deletes and updates refer to.</summary>
    public static Tid EarlierKey(MockRandom random, long now, int operation)
    {
        var hash = random.Next();

        // The operation's number in the lowest bits keeps the keys of one commit apart.
        return new Tid(((now - Age(hash)) & ~31L) | (uint)operation, (int)(hash & 31));
    }

    private static long Age(ulong hash)
    {
        // Each doubling of the age is as likely as the next: from a minute to some weeks.
        var seconds = 1UL << (6 + (int)((hash >> 8) % 16));
        return (long)((seconds * 1_000_000) + ((hash >> 12) % (seconds * 1_000_000)));
    }

    private RecordRef Record(ulong hash, string collection, long before) =>
        new(User(MockRandom.Fraction(MockRandom.Derive(hash, 1))), collection, new Tid(before - Age(hash), (int)(hash & 31)), new Cid(hash));

    private Did User(double fraction) => new(MockRandom.Derive(seed, (ulong)(Users * fraction * fraction * fraction)));
}
