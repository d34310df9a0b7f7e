namespace Pipeline.Sources;

/// <summary>One line without its line end.</summary>
/// <param name="Bytes">Valid until the next line is read; cut at the limit.</param>
/// <param name="Length">The line's full length, in bytes.</param>
internal readonly record struct Line(ReadOnlyMemory<byte> Bytes, long Length);
