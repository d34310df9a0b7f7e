namespace Pipeline.Buffering.Auditing;

/// <summary>docker/redis/redis.conf, which is built into the program: the one place that says what a server should have.</summary>
internal static class ShippedConfiguration
{
    private static readonly Lazy<IReadOnlyDictionary<string, string>> _settings = new(Read);

    public static IEnumerable<string> Names => _settings.Value.Keys;

    /// <summary>The value of a setting as the file writes it, without quotes.</summary>
    public static string Value(string setting) => _settings.Value[setting];

    private static Dictionary<string, string> Read()
    {
        using var file = typeof(ShippedConfiguration).Assembly.GetManifestResourceStream("redis.conf")!;
        using var text = new StreamReader(file);
        return text.ReadToEnd()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => line[0] != '#')
            .Select(line => line.Split(' ', 2))
            .ToDictionary(words => words[0], words => words[1].Trim('"'));
    }
}
