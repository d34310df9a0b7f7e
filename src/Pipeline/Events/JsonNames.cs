using System.Text.Json;

namespace Pipeline.Events;

/// <summary>Compares what a reader stands at with plain ASCII text.</summary>
internal static class JsonNames
{
    /// <summary>Whether the member's name is this one.</summary>
    public static bool NameIs(this scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> name) => reader.TextIs(name);

    /// <summary>
    /// Whether the name or string is this one, escaped or not. <see cref="Utf8JsonReader.ValueTextEquals(ReadOnlySpan{byte})"/> throws for
    /// half a surrogate pair, which JSON allows; what has any surrogate is not ASCII anyway.
    /// </summary>
    public static bool TextIs(this scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> text) =>
        !reader.ValueIsEscaped
            ? reader.ValueSpan.SequenceEqual(text)
            : reader.ValueSpan.IndexOf("\\ud"u8) < 0 && reader.ValueSpan.IndexOf("\\uD"u8) < 0 && reader.ValueTextEquals(text);
}
