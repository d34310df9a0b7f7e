namespace Pipeline.Sources.Mock;

/// <summary>What a commit, or an event without one, is about.</summary>
internal enum MockKind
{
    Like,
    Repost,
    Post,
    Follow,
    Block,
    Profile,
    ListItem,
    Threadgate,
    Identity,
    Account,
}
