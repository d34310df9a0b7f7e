namespace Pipeline.Archiving.Verifying;

/// <summary>What a lake holds and what is wrong with it.</summary>
public sealed record LakeReport
{
    /// <summary>Files that lie where a file of the lake lies, sound or not.</summary>
    public required int Files { get; init; }

    public required long Bytes { get; init; }

    /// <summary>Rows by table, of the files that could be read.</summary>
    public required IReadOnlyDictionary<string, long> Rows { get; init; }

    /// <summary>Distinct windows that the files come from.</summary>
    public required int Windows { get; init; }

    /// <summary>The start of the first partition hour; null without files.</summary>
    public DateTimeOffset? FirstHour { get; init; }

    /// <summary>The start of the last partition hour; null without files.</summary>
    public DateTimeOffset? LastHour { get; init; }

    /// <summary>The rows' digest, to compare with that of what was sent.</summary>
    public required LakeDigest Digest { get; init; }

    /// <summary>The first findings, by path. <see cref="FindingCount"/> counts them all.</summary>
    public required IReadOnlyList<LakeFinding> Findings { get; init; }

    public required long FindingCount { get; init; }

    /// <summary>What is worth knowing and not wrong, such as a writer at work.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    public bool IsSound => FindingCount == 0;
}
