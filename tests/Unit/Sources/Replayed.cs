namespace Pipeline.Tests.Unit.Sources;

/// <summary>What a source yielded, kept: one character a byte.</summary>
internal sealed record Replayed(string Text, long Length, long Position);
