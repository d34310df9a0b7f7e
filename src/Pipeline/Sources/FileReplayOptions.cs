namespace Pipeline.Sources;

/// <summary>Which files are replayed, and how fast.</summary>
public sealed class FileReplayOptions
{
    /// <summary>
    /// A file of one JSON event a line, or a folder of them, searched recursively for <c>.json</c>, <c>.jsonl</c> and
    /// <c>.ndjson</c>, plain or with <c>.gz</c> or <c>.zst</c> after it. Read in ordinal order of their relative paths.
    /// </summary>
    public required string Path { get; init; }

    /// <summary>Events per second, on average; null = as fast as they are taken. Default null; more than 0.</summary>
    public double? EventsPerSecond { get; init; }

    /// <summary>Bytes kept of one line; the rest is read and dropped. Default 1 MiB; 1 or more.</summary>
    public int MaxEventBytes { get; init; } = 1024 * 1024;

    /// <exception cref="SourceException">A value is out of range; the message names it.</exception>
    internal void Validate()
    {
        if (string.IsNullOrWhiteSpace(Path))
            throw new SourceException("The path to replay is empty; name a file or a folder.");
        if (EventsPerSecond is { } rate && !(rate is > 0 and <= 1e9))
            throw new SourceException($"FileReplayOptions.EventsPerSecond is {rate}; use more than 0.");
        if (MaxEventBytes is < 1 or > 1 << 30)
            throw new SourceException($"FileReplayOptions.MaxEventBytes is {MaxEventBytes}; use 1 to {1 << 30}.");
    }
}
