namespace Pipeline.Commands;

/// <summary>Refuses what can be the path of nothing, before some part of the program stumbles over it.</summary>
internal static class PathText
{
    /// <param name="origin">Where the text came from, for messages.</param>
    /// <param name="what">What it should name: a folder, or a file.</param>
    /// <exception cref="UsageException">It is no path.</exception>
    public static string Check(string text, string origin, string what)
    {
        if (string.IsNullOrWhiteSpace(text)) throw new UsageException($"{origin} is empty; name {what}.");
        return text.Contains('\0', StringComparison.Ordinal)
            ? throw new UsageException($"{origin} holds a character that no path may hold; name {what}.")
            : text;
    }
}
