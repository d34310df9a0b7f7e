using BenchmarkDotNet.Loggers;

namespace Pipeline.Bench.Hot;

/// <summary>Says which benchmark runs, and what fails; the rest is for BenchmarkDotNet's own report.</summary>
internal sealed class HeadingLogger : ILogger
{
    private const string Heading = "// Benchmark: ";

    public string Id => nameof(HeadingLogger);

    public int Priority => 0;

    public void Write(LogKind logKind, string text) => WriteLine(logKind, text);

    public void WriteLine(LogKind logKind, string text)
    {
        if (text.StartsWith(Heading, StringComparison.Ordinal)) Console.WriteLine($"  hot: {text[Heading.Length..]}");
        else if (logKind == LogKind.Error) Console.Error.WriteLine(text);
    }

    public void WriteLine()
    {
    }

    public void Flush()
    {
    }
}
