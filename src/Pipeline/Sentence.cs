namespace Pipeline;

/// <summary>Makes sentences of what the runtime and others say, whose messages end with a full stop or without one.</summary>
internal static class Sentence
{
    public static string Of(Exception error) => Of(error.Message);

    public static string Of(string text) => $"{text.ReplaceLineEndings(" ").TrimEnd(' ', '.')}.";
}
