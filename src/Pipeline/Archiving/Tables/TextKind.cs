namespace Pipeline.Archiving.Tables;

/// <summary>What a text column holds, and so how it is encoded.</summary>
internal enum TextKind
{
    /// <summary>Anything: plain encoding, no statistics.</summary>
    Free,

    /// <summary>ASCII that hardly repeats: plain encoding, with statistics. Anything else is written as <see cref="Free"/>.</summary>
    Key,

    /// <summary>ASCII that repeats: a dictionary while it pays, with statistics. Anything else is written as <see cref="Free"/>.</summary>
    Repeating,
}
