namespace Pipeline.Archiving;

/// <summary>Where the lake is and how its files are cut.</summary>
public sealed record LakeOptions
{
    /// <summary>The lake's folder. Default <c>lake</c>. It is created when it does not exist.</summary>
    public string Path { get; init; } = "lake";

    /// <summary>Log time that one set of files covers. Default 5 minutes; 1 s to 1 h, and a divisor of an hour.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A row group is written at this many rows. Default 131,072.</summary>
    public int RowGroupRows { get; init; } = 131_072;

    /// <summary>A row group is written at this many bytes of column data before encoding, which bounds memory. Default 8 MiB.</summary>
    public int RowGroupBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Most bytes of column data over all the files of a window; beyond, the fullest is written. Default 32 MiB.</summary>
    public int BufferBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>How long a writer's lease holds without being renewed. Default 30 s.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);
}
