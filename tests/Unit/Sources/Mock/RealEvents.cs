using Xunit;

namespace Pipeline.Tests.Unit.Sources.Mock;

/// <summary>Real events kept beside the repository, not in it: they are people's posts. Skips where they are absent.</summary>
internal static class RealEvents
{
    /// <summary>The first 100 lines: 2026-07-04.</summary>
    public static List<byte[]> July2026() => [.. Lines().Take(100)];

    /// <summary>The other 500 lines: 2024-11-21, when follows were a quarter of the events.</summary>
    public static List<byte[]> November2024() => [.. Lines().Skip(100)];

    private static IEnumerable<byte[]> Lines()
    {
        var folder = Environment.GetEnvironmentVariable("JETSTREAM_SAMPLES") ?? Path.Combine(RepositoryRoot(), "..", "shared", "samples");
        var file = Path.Combine(folder, "jetstream-events.jsonl");
        Assert.SkipUnless(File.Exists(file), $"No real events at '{file}': set JETSTREAM_SAMPLES to the folder of jetstream-events.jsonl.");
        return File.ReadLines(file).Select(System.Text.Encoding.UTF8.GetBytes);
    }

    private static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Pipeline.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? AppContext.BaseDirectory;
    }
}
