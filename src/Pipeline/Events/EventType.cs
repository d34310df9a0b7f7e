namespace Pipeline.Events;

/// <summary>The five kinds of record that are archived, each in its own table of the lake.</summary>
public enum EventType : byte
{
    Post,
    Like,
    Repost,
    Follow,
    Block,
}
