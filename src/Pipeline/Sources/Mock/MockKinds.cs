namespace Pipeline.Sources.Mock;

/// <summary>What is known of each kind: its collection, how often it is deleted, and how large its commits are.</summary>
internal static class MockKinds
{
    public static string Collection(MockKind kind) => kind switch
    {
        MockKind.Like => "app.bsky.feed.like",
        MockKind.Repost => "app.bsky.feed.repost",
        MockKind.Post => "app.bsky.feed.post",
        MockKind.Follow => "app.bsky.graph.follow",
        MockKind.Block => "app.bsky.graph.block",
        MockKind.Profile => "app.bsky.actor.profile",
        MockKind.ListItem => "app.bsky.graph.listitem",
        MockKind.Threadgate => "app.bsky.feed.threadgate",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Only commits have a collection."),
    };

    public static double DeleteShare(MockKind kind) => kind switch
    {
        MockKind.Like => 0.015,
        MockKind.Repost => 0.03,
        MockKind.Post => 0.04,
        MockKind.Follow => 0.08,
        MockKind.Block => 0.05,
        MockKind.ListItem => 0.05,
        _ => 0,
    };

    public static double UpdateShare(MockKind kind) => kind switch
    {
        MockKind.Post => 0.005,
        MockKind.Profile => 0.6,
        _ => 0,
    };

    /// <summary>The share of commits with several operations, and the most they have: threads, starter packs, clean-ups.</summary>
    public static (double Share, int Most) Several(MockKind kind) => kind switch
    {
        MockKind.Like => (0.001, 4),
        MockKind.Post => (0.03, 5),
        MockKind.Follow => (0.02, 20),
        MockKind.Block => (0.02, 20),
        MockKind.ListItem => (0.1, 20),
        _ => (0, 1),
    };

    /// <summary>Operations per commit, on average: from the mix of events follows the mix of commits.</summary>
    public static double MeanOperations(MockKind kind)
    {
        var (share, most) = Several(kind);
        return 1 + (share * (((2 + most) / 2.0) - 1));
    }
}
